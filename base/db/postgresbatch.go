package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// answer asks the server several things in one message, and gives the answers up to
// the first that failed: the server passes over what comes after it.
func (p *postgres) answer(ctx context.Context, asked []*question) []*keptRows {
	c, err := p.pool.Acquire(ctx)
	if err != nil {
		return nil
	}
	defer c.Release()
	if len(asked) == 1 {
		only, err := keep(c.Query(ctx, asked[0].sql, asked[0].args...))
		if err != nil {
			return nil
		}
		return []*keptRows{only}
	}
	var b pgx.Batch
	for _, q := range asked {
		b.Queue(q.sql, q.args...)
	}
	results := c.SendBatch(ctx, &b)
	defer results.Close()
	answers := make([]*keptRows, 0, len(asked))
	for range asked {
		kept, err := keep(results.Query())
		if err != nil {
			break
		}
		answers = append(answers, kept)
	}
	return answers
}
