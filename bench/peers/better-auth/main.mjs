// better-auth with its organization plugin on better-sqlite3, as the load of
// bench/load drives it:
//
//	node main.mjs fill FOLDER < order.json > operations.json
//	node main.mjs serve FOLDER ADDRESS
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { toNodeHandler } from "better-auth/node";
import { open } from "./auth.mjs";
import { fill } from "./fill.mjs";

const [, , command, folder, address] = process.argv;
switch (command) {
  case "fill":
    process.stdout.write(JSON.stringify(await fill(folder, await json(process.stdin))));
    break;
  case "serve": {
    const { auth } = open(folder, "http://" + address);
    await auth.$context;
    const [host, port] = address.split(":");
    createServer(toNodeHandler(auth)).listen(Number(port), host);
    break;
  }
  default:
    console.error("main.mjs fill FOLDER, or serve FOLDER ADDRESS");
    process.exit(2);
}
