package office

import (
	"encoding/json"
	"fmt"
	"strconv"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

// A refusal that is told later is kept with its values as they are, so that each reader has it in their language.

type keptFault struct {
	Kind  fault.Kind `json:"kind"`
	Field string     `json:"field,omitempty"`
	Key   string     `json:"key"`
	Args  []keptArg  `json:"args,omitempty"`
}

type keptArg struct {
	Name string    `json:"name"`
	Type string    `json:"type,omitempty"` // "" is text
	Text string    `json:"text"`
	Args []keptArg `json:"args,omitempty"` // of a message within the message
}

// keepFaults writes every refusal within err.
func keepFaults(err error) (string, error) {
	var all []keptFault
	for _, e := range fault.All(err) {
		all = append(all, keptFault{e.Kind, e.Field, e.Key, keepArgs(e.Args)})
	}
	b, err := json.Marshal(all)
	return string(b), err
}

func keepArgs(args []any) []keptArg {
	var all []keptArg
	for i := 0; i+1 < len(args); i += 2 {
		k := keptArg{Name: fmt.Sprint(args[i])}
		whole := func(t string, n int64) { k.Type, k.Text = t, strconv.FormatInt(n, 10) }
		switch x := args[i+1].(type) {
		case string:
			k.Text = x
		case money.Cents:
			whole("cents", int64(x))
		case money.Rate:
			whole("rate", int64(x))
		case money.Micro:
			whole("micro", int64(x))
		case date.Day:
			whole("day", int64(x))
		case date.Month:
			whole("month", int64(x))
		case int:
			whole("int", int64(x))
		case int64:
			whole("int", x)
		case int32:
			whole("int", int64(x))
		case i18n.Said:
			k.Type, k.Text, k.Args = "said", x.Key, keepArgs(x.Args)
		default:
			k.Text = fmt.Sprint(x)
		}
		all = append(all, k)
	}
	return all
}

// readFaults reads what keepFaults wrote; what cannot be read is a defect, and told as one.
func readFaults(text string) []*fault.Error {
	if text == "" {
		return nil
	}
	var kept []keptFault
	if json.Unmarshal([]byte(text), &kept) != nil {
		return []*fault.Error{fault.New(fault.Internal, "run.fault.defect")}
	}
	var all []*fault.Error
	for _, k := range kept {
		all = append(all, &fault.Error{Kind: k.Kind, Field: k.Field, Key: k.Key, Args: readArgs(k.Args)})
	}
	return all
}

func readArgs(kept []keptArg) []any {
	var args []any
	for _, k := range kept {
		var v any = k.Text
		if n, err := strconv.ParseInt(k.Text, 10, 64); err == nil {
			switch k.Type {
			case "cents":
				v = money.Cents(n)
			case "rate":
				v = money.Rate(n)
			case "micro":
				v = money.Micro(n)
			case "day":
				v = date.Day(n)
			case "month":
				v = date.Month(n)
			case "int":
				v = n
			}
		}
		if k.Type == "said" {
			v = i18n.Said{Key: k.Text, Args: readArgs(k.Args)}
		}
		args = append(args, k.Name, v)
	}
	return args
}
