/**
 * Writes `docs/events.md` from the comments and fields of `proto/slipway/v1/events.proto`, so that the reference cannot
 * say something else than the contract. `--check` only compares.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const proto = readFileSync(join(root, "proto/slipway/v1/events.proto"), "utf8");
const target = join(root, "docs/events.md");

const out = [
  "# Events",
  "",
  "Made from `proto/slipway/v1/events.proto` by `node scripts/events-doc.ts`. A name stands for ever. Fields are given as they",
  "stand in the log (proto3 JSON); `slipway events` and `slipway history` show them, and `psql` can read them.",
];

let comment: string[] = [];
let message: { name: string; text: string; fields: string[] } | undefined;
for (const line of proto.split("\n")) {
  const section = /^\/\/ ---- (.+)$/.exec(line);
  const start = /^message (\w+) \{(\})?$/.exec(line);
  const note = /^\s*\/\/ (.+)$/.exec(line);
  const field = /^ {2}(?:repeated |optional )?(map<[^>]+>|[\w.]+) (\w+) = \d+(?: \[json_name = "(\w+)"\])?;$/.exec(
    line,
  );
  if (section) out.push("", `## \`${section[1]}\``, "", "| event | when | data |", "| --- | --- | --- |");
  else if (note && message === undefined) comment.push(note[1] ?? "");
  else if (start) {
    message = { name: start[1] ?? "", text: comment.join(" "), fields: [] };
    comment = [];
  } else if (field && message) {
    const name = field[3] ?? (field[2] ?? "").replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
    message.fields.push(`\`${name}\``);
  } else if (line === "") comment = [];
  if (message && (line === "}" || start?.[2])) {
    // The explanation of a placement is a part of events, not one of them.
    if (!["PlacementExplanation", "NodeVerdict"].includes(message.name)) {
      out.push(`| **${message.name}** | ${message.text} | ${message.fields.join(", ")} |`);
    }
    message = undefined;
  }
}

const text = `${out.join("\n")}\n`;
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("docs/events.md is out of date: run `node scripts/events-doc.ts`.");
    process.exit(1);
  }
} else writeFileSync(target, text);
