import { readFileSync } from "node:fs";
import { join } from "node:path";
import { betterAuth } from "better-auth";
import { organization } from "better-auth/plugins/organization";
import Database from "better-sqlite3";

// open is better-auth as its documentation sets it up, but for two things: WAL,
// and no limit of requests. All come from one address here.
export function open(folder, baseURL) {
  const database = new Database(join(folder, "auth.db"));
  database.pragma("journal_mode = WAL");
  const auth = betterAuth({
    baseURL,
    secret: readFileSync(join(folder, "secret"), "utf8"),
    database,
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    logger: { level: "error" },
    telemetry: { enabled: false },
    plugins: [organization({ sendInvitationEmail: async () => {} })],
  });
  return { auth, database };
}
