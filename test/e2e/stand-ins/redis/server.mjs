// Stands in for the guestbook's redis: SET and GET in lines, and a slave that follows its master by the master's name.
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";

const values = new Map();
const followers = new Set();

const commands = {
  PING: () => "+PONG",
  SET: (key, value) => {
    values.set(key, value);
    for (const follower of followers) follower.write(`SET ${key} ${value}\n`);
    return "+OK";
  },
  GET: (key) => (values.has(key) ? `$${values.get(key)}` : "$-1"),
};

const server = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.on("close", () => followers.delete(socket));
  createInterface({ input: socket }).on("line", (line) => {
    const [name, key, ...value] = line.trim().split(" ");
    if (name === "SYNC") {
      followers.add(socket);
      for (const [each, what] of values) socket.write(`SET ${each} ${what}\n`);
      return;
    }
    const command = commands[name];
    socket.write(`${command ? command(key, value.join(" ")) : "-ERR unknown command"}\n`);
  });
});
server.listen(6379, () => console.log(`${process.env.ROLE} accepts connections on 6379`));

const follow = () => {
  const master = connect({ host: "redis-master", port: 6379 });
  master.on("connect", () => {
    console.log("following redis-master");
    master.write("SYNC\n");
  });
  createInterface({ input: master }).on("line", (line) => {
    const [, key, ...value] = line.split(" ");
    commands.SET(key, value.join(" "));
  });
  master.on("error", (error) => console.log(`redis-master: ${error.message}`));
  master.on("close", () => setTimeout(follow, 200));
};
if (process.env.ROLE === "slave") follow();
process.once("SIGTERM", () => process.exit(0));
