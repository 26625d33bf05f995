// Package bench measures this program on the machine it runs on, beside a floor written for the purpose: the least that a
// durable journal entry over HTTP costs with the same engine ([Floor]). Ratios within one run are what counts; a machine
// that does something else meanwhile moves both sides.
//
// The server that is measured is this program, as people start it: a process of its own on the loopback interface, on a
// fresh database, asked through the API and the pages by clients that wait for each answer before they ask again.
package bench
