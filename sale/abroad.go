package sale

import (
	"slices"
	"strings"
)

// abroadCodes are the tax codes under which another state is told of a sale, or customs prove it.
var abroadCodes = []string{taxUnionGoods, taxUnionServices, taxExportGoods}

// Abroad names those of a document, in order: "EUG EUS".
func Abroad(d Document) string {
	var list []string
	for _, code := range abroadCodes {
		if slices.ContainsFunc(d.Content.Lines, func(l Line) bool { return l.Tax == code }) {
			list = append(list, code)
		}
	}
	return strings.Join(list, " ")
}
