// Stands in for the guestbook's frontend: writes to redis-master, reads from redis-slave, as its guestbook.php does.
import { createServer } from "node:http";
import { connect } from "node:net";
import { hostname } from "node:os";

const redis = (host, line) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port: 6379, timeout: 3_000 });
    let text = "";
    socket.on("connect", () => socket.write(`${line}\n`));
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) socket.end();
    });
    socket.on("timeout", () => socket.destroy(new Error(`${host} does not answer`)));
    socket.on("error", reject);
    socket.on("close", () => resolve(text.trim()));
  });

createServer(async (request, response) => {
  const { searchParams } = new URL(request.url ?? "/", "http://frontend");
  const key = searchParams.get("key") ?? "messages";
  try {
    if (searchParams.get("cmd") === "set") await redis("redis-master", `SET ${key} ${searchParams.get("value")}`);
    const data = (await redis("redis-slave", `GET ${key}`)).replace(/^\$(-1$)?/, "");
    response.end(JSON.stringify({ frontend: hostname(), data }));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}).listen(80, () => console.log("serving on 80"));
process.once("SIGTERM", () => process.exit(0));
