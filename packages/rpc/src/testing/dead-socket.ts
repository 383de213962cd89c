import { spawn } from "node:child_process";
import { once } from "node:events";

/** Leaves a socket file behind as a killed process does: the file is there and nobody listens. */
export const writeDeadSocket = async (path: string): Promise<void> => {
  const program = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  await once(spawn(process.execPath, ["-e", program], { stdio: "inherit" }), "exit");
};
