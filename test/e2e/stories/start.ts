import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { measured } from "../harness/measured.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { runSlipway } from "../harness/run-slipway.ts";

/** From nothing to an application that answers, and what is said when that cannot be. */
export const startStory = (platform: () => TestPlatform): void => {
  it("answers on the sample's URL once `up --detach` returns", async () => {
    const { firstUp, edge } = platform();
    measured("up --detach, sample built and answering", firstUp.ms);
    expect(firstUp.stdout).toContain("http://hello-node-demo.apps.localhost:");
    expect(await edge("hello-node-demo.apps.localhost")).toMatchObject({ status: 200 });
  });

  it("lets all three replicas answer through the route", async () => {
    const replicas = new Set<string>();
    for (let call = 0; call < 60 && replicas.size < 3; call++) {
      const { body } = await platform().edge("hello-node-demo.apps.localhost", "/whoami");
      replicas.add((JSON.parse(body) as { replica: string }).replica);
    }
    const pods = await platform().api.list("pods", "demo");
    expect([...replicas].sort()).toEqual(pods.map(({ metadata }) => metadata.name).sort());
    expect(replicas.size).toBe(3);
  });

  it("says at a second `up` that it runs already", async () => {
    const again = await platform().up();
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("The platform is running already.") });
  });

  it("shows every part as well in `status`", async () => {
    const { code, stdout } = await platform().slipway(["status"]);
    expect(code).toBe(0);
    for (const part of ["postgres", "nats", "registry", "api-gateway", "scheduler", "replicator", "builder"]) {
      expect(stdout).toMatch(new RegExp(`^${part} +ready`, "m"));
    }
    expect(stdout).not.toContain("NOT OK");
  });

  it("answers nothing on its HTTP side but health without the token", async () => {
    const { installation } = platform();
    const at = `http://127.0.0.1:${installation.ports.http}`;
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    expect((await fetch(`${at}/readyz`)).status).toBe(200);
    expect((await fetch(`${at}/metrics`)).status).toBe(401);
    const metrics = await fetch(`${at}/metrics`, { headers: { authorization: `Bearer ${platform().token}` } });
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toContain("# TYPE");
  });

  it("names a taken port, who holds it and the way out in one sentence, before anything is started", async () => {
    const home = mkdtempSync("/tmp/slip-");
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = holder.address() as { port: number };
      const args = [
        "up",
        "--detach",
        "--instance",
        "taken",
        "--port-base",
        String(port),
        "--edge-port",
        String(port + 8),
      ];
      const { code, stderr } = await runSlipway(args, { env: { SLIPWAY_HOME: home } });
      expect(code).toBe(1);
      const said = stderr.split("\n").filter((line) => line.startsWith("error: "));
      expect(said).toEqual([expect.stringMatching(new RegExp(`Port ${port} for the API is taken by .*--port-base`))]);
      const left = await runSlipway(["down"], { env: { SLIPWAY_HOME: home } });
      expect(left.stderr).toContain("No platform runs");
    } finally {
      await new Promise((resolve) => holder.close(resolve));
      rmSync(home, { recursive: true, force: true });
    }
  });
};
