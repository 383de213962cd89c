import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { z } from "zod";
import { maskedConfig, readConfig, variableName } from "./config.ts";

const schema = z.object({
  natsUrl: z.string(),
  natsPassword: z.string().optional(),
  httpPort: z.number().int().min(1).max(65_535).default(8080),
  leaseMs: z.number().default(1_000),
  dryRun: z.boolean().default(false),
  zones: z.array(z.string()).default([]),
  logLevel: z.enum(["debug", "info"]).default("info"),
});

const problemsOf = (env: Record<string, string>, of: z.ZodObject = schema) => {
  try {
    readConfig(of, env);
  } catch (error) {
    if (error instanceof SlipwayError && error.code === "InvalidConfig") {
      return Object.fromEntries(error.problems.map(({ path, message }) => [path, message]));
    }
    throw error;
  }
  return {};
};

describe("variableName", () => {
  it("spells a field as a variable", () => {
    expect(["natsUrl", "leaseMs", "home", "s3Bucket"].map(variableName)).toEqual([
      "SLIPWAY_NATS_URL",
      "SLIPWAY_LEASE_MS",
      "SLIPWAY_HOME",
      "SLIPWAY_S3_BUCKET",
    ]);
  });
});

describe("readConfig", () => {
  it("reads text, numbers, booleans and lists, fills in defaults and ignores what is not Slipway's", () => {
    const config = readConfig(schema, {
      PATH: "/bin",
      SLIPWAY_HOME: "/var/lib/slipway",
      SLIPWAY_NATS_URL: "nats://127.0.0.1",
      SLIPWAY_HTTP_PORT: "9090",
      SLIPWAY_DRY_RUN: "false",
      SLIPWAY_ZONES: "a, b",
    });
    expect(config).toEqual({
      natsUrl: "nats://127.0.0.1",
      httpPort: 9090,
      leaseMs: 1_000,
      dryRun: false,
      zones: ["a", "b"],
      logLevel: "info",
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("keeps a text field that looks like a number as text", () => {
    expect(readConfig(schema, { SLIPWAY_NATS_URL: "4222" }).natsUrl).toBe("4222");
  });

  it("counts an empty variable as not set", () => {
    const config = readConfig(schema, { SLIPWAY_NATS_URL: "x", SLIPWAY_HTTP_PORT: "", SLIPWAY_NATS_PASSWORD: "" });
    expect(config.httpPort).toBe(8080);
    expect(config.natsPassword).toBeUndefined();
  });

  it("names every problem at once", () => {
    expect(
      problemsOf({
        SLIPWAY_HTTP_PORT: "80a",
        SLIPWAY_DRY_RUN: "maybe",
        SLIPWAY_LOG_LEVEL: "loud",
        SLIPWAY_LEASE_MS: "",
      }),
    ).toEqual({
      SLIPWAY_NATS_URL: "is required",
      SLIPWAY_HTTP_PORT: expect.stringContaining("expected number"),
      SLIPWAY_DRY_RUN: expect.stringContaining("expected boolean"),
      SLIPWAY_LOG_LEVEL: expect.stringContaining("debug"),
    });
  });

  it("refuses a number outside its range", () => {
    expect(problemsOf({ SLIPWAY_NATS_URL: "x", SLIPWAY_HTTP_PORT: "65536" })).toEqual({
      SLIPWAY_HTTP_PORT: expect.stringContaining("65535"),
    });
  });

  it("refuses a variable that means nothing here and names the one that was probably meant", () => {
    expect(problemsOf({ SLIPWAY_NATS_URL: "x", SLIPWAY_HTTPPORT: "1", SLIPWAY_QUITE_ELSE: "1" })).toEqual({
      SLIPWAY_HTTPPORT: "is no setting of this service; did you mean SLIPWAY_HTTP_PORT?",
      SLIPWAY_QUITE_ELSE: "is no setting of this service",
    });
  });

  it("says all of it in the error's one sentence", () => {
    expect(() => readConfig(schema, {})).toThrow("The settings are not valid: SLIPWAY_NATS_URL is required.");
  });
});

describe("a setting in a file", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-config-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is the file's content without its last newline", () => {
    const file = join(folder, "password");
    writeFileSync(file, "s3cret\n");
    const config = readConfig(schema, { SLIPWAY_NATS_URL: "x", SLIPWAY_NATS_PASSWORD_FILE: file });
    expect(config.natsPassword).toBe("s3cret");
  });

  it("is refused when the file cannot be read or the value is given as well", () => {
    expect(problemsOf({ SLIPWAY_NATS_URL: "x", SLIPWAY_NATS_PASSWORD_FILE: join(folder, "none") })).toEqual({
      SLIPWAY_NATS_PASSWORD_FILE: expect.stringContaining("ENOENT"),
    });
    expect(problemsOf({ SLIPWAY_NATS_URL: "x", SLIPWAY_NATS_PASSWORD: "a", SLIPWAY_NATS_PASSWORD_FILE: "b" })).toEqual({
      SLIPWAY_NATS_PASSWORD: expect.stringContaining("given twice"),
    });
  });

  it("leaves a field alone whose own name ends in file", () => {
    const withFile = z.object({ token: z.string().default("none"), tokenFile: z.string() });
    expect(readConfig(withFile, { SLIPWAY_TOKEN_FILE: "/etc/token" })).toEqual({
      token: "none",
      tokenFile: "/etc/token",
    });
  });
});

describe("maskedConfig", () => {
  it("hides secrets and passwords in URLs, and nothing else", () => {
    expect(
      maskedConfig(
        {
          token: "abc",
          empty: "",
          unset: undefined,
          url: "postgres://app:pw@db/slipway",
          port: 1,
          urls: ["nats://u:p@a", "b"],
        },
        ["token", "empty", "unset"],
      ),
    ).toEqual({
      token: "***",
      empty: "",
      unset: undefined,
      url: "postgres://app:***@db/slipway",
      port: 1,
      urls: ["nats://u:***@a", "b"],
    });
  });
});
