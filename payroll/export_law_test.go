package payroll

// HashOf hashes one file of data.
func HashOf(name string) string { return hashOf([]string{name}) }
