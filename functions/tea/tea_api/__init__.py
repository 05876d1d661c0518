"""The Tea API behind `app.handler`.

- Pure: `problems`, `teas`, `names`, `validation`, `bodies`, `images`, `paging`, `conditional`, `credentials`,
  `index`, `events`.
- I/O: `table` (DynamoDB), `bucket` (S3) and `secret` (Secrets Manager), on the clients of `clients`.
- `shop` puts the two together without HTTP, `routes` speaks HTTP, `service` adds logs, traces and metrics.
"""
