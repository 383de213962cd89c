import { createHealth } from "./health.ts";

describe("health", () => {
  it("is ready from the end of the start to the beginning of the stop", () => {
    const health = createHealth();
    expect(health.readiness()).toEqual({ ready: false, reasons: ["process: starting"] });
    health.started();
    expect(health.readiness()).toEqual({ ready: true, reasons: [] });
    health.stopping();
    expect(health.readiness()).toEqual({ ready: false, reasons: ["process: stopping"] });
  });

  it("does not become ready again when a start ends during the stop", () => {
    const health = createHealth();
    health.stopping();
    health.started();
    expect(health.readiness().ready).toBe(false);
  });

  it("gives the reason of every check that objects, also of one that throws", () => {
    const health = createHealth();
    health.started();
    let behind: string | undefined = "12 positions behind";
    health.addCheck("log", () => behind);
    health.addCheck("bus", () => undefined);
    health.addCheck("engine", () => {
      throw new Error("no socket");
    });
    expect(health.readiness()).toEqual({ ready: false, reasons: ["log: 12 positions behind", "engine: no socket"] });
    behind = undefined;
    expect(health.readiness().reasons).toEqual(["engine: no socket"]);
  });
});
