package activity

import (
	"embed"
	"encoding/json"
)

//go:embed data/*.json
var data embed.FS

// NamedPolicy is the policy of a real cooperative: a model to begin from, and a test of what a policy must be able to
// say. What its source leaves open stands in Policy.Unknown, and the value taken there is ours.
type NamedPolicy struct {
	ID          string   `json:"id"`
	Cooperative string   `json:"cooperative"`
	Seen        string   `json:"seen,omitempty"` // year of the source, when it says
	Policy      Policy   `json:"policy"`
	Beside      []string `json:"beside,omitempty"` // what the cooperative takes beside the contribution: internal charges (practice 39)
}

// RealPolicies returns the policies of real cooperatives (law notes § 1.4), each time anew: the caller may change them.
func RealPolicies() []NamedPolicy {
	var list []NamedPolicy
	b, err := data.ReadFile("data/policies.json")
	if err == nil {
		err = json.Unmarshal(b, &list)
	}
	if err != nil {
		panic("activity: policies.json: " + err.Error())
	}
	return list
}
