/**
 * `npm test`: everything that must hold, in the order of what is cheapest to know. Every step runs even when an
 * earlier one failed, so that one run shows all there is to mend. Ends with `N passed, N failed`.
 *
 * `node scripts/check.ts types lint` runs only the steps named.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cleanHostAfterTests, prepareHostForTests } from "./prepare-host.ts";

const root = dirname(import.meta.dirname);
const bin = join(root, "node_modules", ".bin");
const reports = mkdtempSync(join(tmpdir(), "slipway-check-"));

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

interface Step {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

/** Runs a program with its output on ours; answers its exit code. */
const exec = (command: string, args: readonly string[], cwd = root): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: "inherit", env: { ...process.env, FORCE_COLOR: "0" } });
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });

const command = (name: string, program: string, ...args: string[]): Step => ({
  name,
  run: async () => ((await exec(join(bin, program), args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
});

/** One run of jest over some of its projects, counted by test. */
const jest = (name: string, projects: readonly string[], ...args: string[]): Step => ({
  name,
  run: async () => {
    const file = join(reports, `${name}.json`);
    const code = await exec(process.execPath, [
      "--experimental-vm-modules",
      "--disable-warning=ExperimentalWarning",
      join(root, "node_modules/jest/bin/jest.js"),
      "--json",
      // A server that a failed test left running must not keep the whole run from ending.
      "--forceExit",
      `--outputFile=${file}`,
      ...args,
      "--selectProjects",
      ...projects,
    ]);
    try {
      const report = JSON.parse(readFileSync(file, "utf8")) as {
        numPassedTests: number;
        numFailedTests: number;
        numFailedTestSuites: number;
        numRuntimeErrorTestSuites: number;
      };
      // A suite that could not even be loaded has no failed tests of its own.
      const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
      return { passed: report.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
    } catch {
      return { passed: 0, failed: 1 };
    }
  },
});

const steps: readonly Step[] = [
  command("types", "tsc", "--noEmit", "-p", "tsconfig.json"),
  command("lint", "biome", "check", "."),
  command(
    "imports",
    "depcruise",
    "--config",
    ".dependency-cruiser.cjs",
    "packages",
    "services",
    "cli",
    "test",
    "scripts",
  ),
  command("unused", "knip", "--no-progress"),
  command("events-doc", "node", "scripts/events-doc.ts", "--check"),
  command("proto-lint", "buf", "lint", "proto"),
  command("proto-breaking", "buf", "breaking", "proto", "--against", "proto/released.binpb"),
  {
    name: "host",
    run: async () => {
      await prepareHostForTests();
      return { passed: 1, failed: 0 };
    },
  },
  jest("unit", ["unit", "prop"]),
  // Real servers and containers share two cores: side by side they only make each other's waits longer.
  jest("integration", ["int"], "--runInBand"),
  jest("end-to-end", ["e2e"], "--runInBand"),
  {
    name: "clean-up",
    run: async () => {
      await cleanHostAfterTests();
      return { passed: 1, failed: 0 };
    },
  },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`Unknown step ${unknown.join(", ")}: use some of ${steps.map((step) => step.name).join(", ")}.`);
  process.exit(2);
}

// Waits inside a step must not let the process end: the kernel's timers do not keep it alive.
const stayAwake = setInterval(() => {}, 60_000);
let passed = 0;
let failed = 0;
const summary: string[] = [];
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue;
  console.log(`\n── ${step.name}`);
  const started = Date.now();
  const outcome = await step.run().catch((error: unknown): Outcome => {
    console.error(error instanceof Error ? error.message : String(error));
    return { passed: 0, failed: 1 };
  });
  passed += outcome.passed;
  failed += outcome.failed;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  summary.push(
    `${outcome.failed === 0 ? "ok  " : "FAIL"} ${step.name.padEnd(16)} ${outcome.passed} passed, ${outcome.failed} failed (${seconds} s)`,
  );
}
clearInterval(stayAwake);
rmSync(reports, { recursive: true, force: true });
console.log(`\n${summary.join("\n")}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
