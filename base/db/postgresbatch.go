package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// answer asks the server several things in one message. When that fails, each is
// asked by itself, so that each has its own error.
func (p *postgres) answer(ctx context.Context, asked []*question) {
	answered := 0
	if len(asked) > 1 {
		answered = p.answerAtOnce(ctx, asked)
	}
	for _, q := range asked[answered:] {
		q.rows, q.err = p.query(ctx, false, q.sql, q.args)
	}
}

// answerAtOnce tells how many have their answer.
func (p *postgres) answerAtOnce(ctx context.Context, asked []*question) int {
	ctx, cancel := context.WithTimeout(ctx, p.patience)
	defer cancel()
	c, err := p.pool.Acquire(ctx)
	if err != nil {
		return 0
	}
	defer c.Release()
	var b pgx.Batch
	for _, q := range asked {
		b.Queue(q.sql, q.args...)
	}
	results := c.SendBatch(ctx, &b)
	defer results.Close()
	for i, q := range asked {
		kept, err := keep(results.Query())
		if err != nil {
			return i
		}
		q.rows = kept
	}
	return len(asked)
}
