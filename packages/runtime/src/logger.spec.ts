import { SlipwayError } from "@slipway/kernel";
import { createLogger } from "./logger.ts";

const setUp = (level?: "debug") => {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    service: "specimen",
    ...(level && { level }),
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
  });
  return { lines, logger };
};

describe("createLogger", () => {
  it("writes one JSON object a line with the service, the level in words and the moment", () => {
    const { lines, logger } = setUp();
    logger.info({ pod: "web-1" }, "pod scheduled");
    expect(lines).toEqual([
      {
        level: "info",
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        service: "specimen",
        pod: "web-1",
        msg: "pod scheduled",
      },
    ]);
  });

  it("leaves out lines below its level", () => {
    const quiet = setUp();
    quiet.logger.debug("x");
    expect(quiet.lines).toHaveLength(0);
    const verbose = setUp("debug");
    verbose.logger.debug("x");
    expect(verbose.lines).toHaveLength(1);
  });

  it("never writes a token or a password, also one level down and in a child", () => {
    const { lines, logger } = setUp();
    logger.child({ password: "a1" }).info({ token: "b2", request: { authorization: "c3", path: "/" } }, "called");
    expect(JSON.stringify(lines)).not.toMatch(/a1|b2|c3/);
    expect(lines[0]).toMatchObject({ token: "***", request: { authorization: "***", path: "/" } });
  });

  it("writes an error with its code, message and stack", () => {
    const { lines, logger } = setUp();
    logger.error({ error: new SlipwayError("LogUnavailable", "No log.") }, "append failed");
    expect(lines[0]?.error).toMatchObject({
      code: "LogUnavailable",
      message: "No log.",
      stack: expect.any(String),
    });
  });
});
