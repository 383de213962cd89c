// The door for `npm start`, `npm stop` and `npm test`. Plain JavaScript for any Node.js from 18 on: it installs the
// project's own packages (Node 24 among them) and hands over to them.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PNPM = "pnpm@12.21.0";
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "node_modules", ".slipway-installed");
const node = join(root, "node_modules", "node", "bin", "node");

const lockHash = () => {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "package.json", "pnpm-workspace.yaml"])
    hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
};

const installed = () => existsSync(node) && existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash();

const install = () => {
  console.log("Installing the project's packages …");
  const result = spawnSync("npx", ["--yes", PNPM, "install", "--frozen-lockfile", "--reporter=append-only"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (result.status !== 0) {
    console.error(`${result.stdout ?? ""}${result.stderr ?? ""}`);
    console.error(
      "The project's packages could not be installed (see above): check that the npm registry can be reached, then run the command again.",
    );
    process.exit(1);
  }
  writeFileSync(stamp, lockHash());
};

const targets = {
  up: [join(root, "cli/src/main.ts"), "up"],
  down: [join(root, "cli/src/main.ts"), "down"],
  check: [join(root, "scripts/check.ts")],
  jest: [
    "--experimental-vm-modules",
    "--disable-warning=ExperimentalWarning",
    join(root, "node_modules/jest/bin/jest.js"),
  ],
};

const [target = "up", ...rest] = process.argv.slice(2);
const args = targets[target];
if (args === undefined) {
  console.error(`Unknown target "${target}": use one of ${Object.keys(targets).join(", ")}.`);
  process.exit(2);
}
if (!installed()) install();

const child = spawn(node, [...args, ...rest], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ""}` },
});
// A terminal sends Ctrl-C to the whole group, so the child has its own; `kill` reaches this process alone.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 1)));
