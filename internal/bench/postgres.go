package bench

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the superuser's connection
)

// freshDatabase creates a database and returns its address and what drops it again.
func freshDatabase(ctx context.Context, super string) (address string, drop func() error, err error) {
	u, err := url.Parse(super)
	if err != nil {
		return "", nil, fmt.Errorf("address of PostgreSQL: %w", err)
	}
	admin, err := sql.Open("pgx", super)
	if err != nil {
		return "", nil, err
	}
	name := "essaim_bench_" + strings.ToLower(rand.Text()[:12])
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return "", nil, errors.Join(err, admin.Close())
	}
	u.Path = "/" + name
	return u.String(), func() error {
		// The run may have been told to stop: what it made goes away all the same.
		_, err := admin.ExecContext(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)")
		return errors.Join(err, admin.Close())
	}, nil
}
