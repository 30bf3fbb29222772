/** Answer to a statement. */
export interface SqlResult {
  /** Empty for statements that return none. */
  readonly rows: Record<string, unknown>[];
  /** Rows returned or changed. */
  readonly rowCount: number;
}

/**
 * What the SQL stores run statements through: one connection, a pool, or somebody's open transaction. Statements carry
 * the dialect's own placeholders (`$1` for PostgreSQL, `?` for SQLite), one per parameter, in order.
 */
export interface SqlExecutor {
  query(sql: string, params: readonly unknown[]): Promise<SqlResult>;
}

/** The part of `pg`'s `Pool`, `PoolClient` and `Client` that is used. */
export interface PgQueryable {
  query(text: string, values: unknown[]): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
}

/** Executor on `pg`: a pool for the store itself, a client with an open transaction for `withExecutor`. */
export function pgExecutor(queryable: PgQueryable): SqlExecutor {
  return {
    query: async (sql, params) => {
      const result = await queryable.query(sql, [...params]);
      return { rows: result.rows, rowCount: result.rowCount ?? result.rows.length };
    },
  };
}

/** A statement as Kysely's `executeQuery` takes it. */
export interface KyselyStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly query: { readonly kind: 'RawNode'; readonly sqlFragments: readonly string[]; readonly parameters: readonly never[] };
  readonly queryId: { readonly queryId: string };
}

/** The part of Kysely's `Kysely` and `Transaction` that is used. */
export interface KyselyQueryable {
  executeQuery(statement: KyselyStatement): Promise<{ rows: unknown[]; numAffectedRows?: bigint }>;
}

/** Executor on Kysely: the `trx` of `db.transaction().execute(async (trx) => …)` for `withExecutor`. */
export function kyselyExecutor(queryable: KyselyQueryable): SqlExecutor {
  let statements = 0;
  return {
    query: async (sql, params) => {
      const result = await queryable.executeQuery({
        sql,
        parameters: params,
        query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
        queryId: { queryId: `idempotency-${++statements}` },
      });
      const rows = result.rows as Record<string, unknown>[];
      return { rows, rowCount: Number(result.numAffectedRows ?? rows.length) };
    },
  };
}

/** The part of a `better-sqlite3` (or `libsql`) database that is used. */
export interface SqliteQueryable {
  prepare(sql: string): {
    /** Whether the statement returns rows. */
    readonly reader: boolean;
    all(params: unknown[]): unknown[];
    run(params: unknown[]): { changes: number };
  };
}

/** Executor on `better-sqlite3` or `libsql`. A transaction that is open on the same connection is joined by itself. */
export function sqliteExecutor(database: SqliteQueryable): SqlExecutor {
  return {
    query: async (sql, params) => {
      const statement = database.prepare(sql);
      if (!statement.reader) return { rows: [], rowCount: statement.run([...params]).changes };
      const rows = statement.all([...params]) as Record<string, unknown>[];
      return { rows, rowCount: rows.length };
    },
  };
}
