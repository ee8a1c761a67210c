import { createHmac, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { getMigrations } from "better-auth/db/migration";
import { open } from "./auth.mjs";

const password = "correct horse battery staple";
const week = 7 * 24 * 3600 * 1000;
const newId = () => randomBytes(24).toString("base64url");

// fill writes what the order asks for into better-auth's own tables, logs the
// owner of the account under load in as a browser would, and gives what is to
// be asked.
export async function fill(folder, order) {
  const secret = randomBytes(32).toString("base64");
  writeFileSync(join(folder, "secret"), secret);
  const { auth, database } = open(folder, "http://127.0.0.1");
  await (await getMigrations(auth.options)).runMigrations();
  const hash = await (await auth.$context).password.hash(password);
  const tables = database.transaction(() => write(database, order, hash))();
  const cookie = await logIn(auth, order.people[order.accounts[order.target].members[0]].email, tables.accounts[order.target]);
  database.close();
  const as = (person) => cookieOf(secret, tables.tokens[person]);
  return [
    { name: "has-permission", shows: '"success":true', asks: [post("has-permission", cookie, { permissions: { member: ["update"] } })] },
    { name: "list members, ten", shows: '"total":10', asks: [{ method: "GET", path: "/api/auth/organization/list-members", headers: { Cookie: cookie } }] },
    {
      name: "invite",
      asks: order.invites.map((i) =>
        post("invite-member", as(order.accounts[i.account].members[0]), { email: i.email, role: "member", organizationId: tables.accounts[i.account] })),
    },
    { name: "accept", asks: order.accepts.map((i, n) => post("accept-invitation", as(i.person), { invitationId: tables.invitations[n] })) },
  ];
}

function post(path, cookie, body) {
  return { method: "POST", path: "/api/auth/organization/" + path, headers: { Cookie: cookie, "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

// write fills the tables. Everybody has a session, since the hash of a password
// would take a tenth of a second for each.
function write(database, order, hash) {
  const insert = (table, row) => {
    const columns = Object.keys(row);
    database.prepare(`insert into "${table}" (${columns.map((c) => `"${c}"`)}) values (${columns.map(() => "?")})`).run(...Object.values(row));
    return row.id;
  };
  const now = new Date().toISOString(), later = new Date(Date.now() + week).toISOString();
  const tokens = [];
  const people = order.people.map((p) => {
    const id = insert("user", { id: newId(), name: p.name, email: p.email, emailVerified: 1, createdAt: now, updatedAt: now });
    insert("account", { id: newId(), accountId: id, providerId: "credential", userId: id, password: hash, createdAt: now, updatedAt: now });
    tokens.push(newId());
    insert("session", { id: newId(), expiresAt: later, token: tokens.at(-1), createdAt: now, updatedAt: now, userId: id });
    return id;
  });
  const accounts = order.accounts.map((a, n) => {
    const id = insert("organization", { id: newId(), name: a.name, slug: "account-" + n, createdAt: now });
    a.members.forEach((m, i) => insert("member", { id: newId(), organizationId: id, userId: people[m], role: i === 0 ? "owner" : "member", createdAt: now }));
    return id;
  });
  const invitations = order.accepts.map((i) =>
    insert("invitation", {
      id: newId(), organizationId: accounts[i.account], email: i.email, role: "member", status: "pending",
      expiresAt: later, createdAt: now, inviterId: people[order.accounts[i.account].members[0]],
    }));
  return { accounts, invitations, tokens };
}

// logIn signs in by password and makes the account the active one.
async function logIn(auth, email, organizationId) {
  const { headers } = await auth.api.signInEmail({ body: { email, password }, returnHeaders: true });
  const cookie = headers.getSetCookie().find((c) => c.startsWith("better-auth.session_token=")).split(";")[0];
  await auth.api.setActiveOrganization({ body: { organizationId }, headers: new Headers({ cookie }) });
  return cookie;
}

// cookieOf signs a session's token as better-auth does.
function cookieOf(secret, token) {
  const signature = createHmac("sha256", secret).update(token).digest("base64");
  return "better-auth.session_token=" + encodeURIComponent(`${token}.${signature}`);
}
