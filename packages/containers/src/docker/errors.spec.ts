import { guarded, toEngineError } from "./errors.ts";
import { toStartError } from "./start-error.ts";

const reply = (statusCode: number, text: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) no such container - ${text} `), { statusCode });

const web = { kind: "container", name: "web" } as const;

describe("the engine's errors", () => {
  it.each([
    [reply(404, "No such container: web"), "ContainerNotFound"],
    [reply(404, "No such image: shop/web:1"), "ImageNotFound"],
    [reply(409, "Conflict. The container name is in use"), "EngineConflict"],
    [reply(500, "driver failed"), "EngineError"],
    [Object.assign(new Error("connect ENOENT /var/run/docker.sock"), { code: "ENOENT" }), "EngineUnavailable"],
    [Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }), "EngineUnavailable"],
    [new Error("anything else"), "EngineError"],
  ])("%s is %s", (error, code) => {
    expect(toEngineError(error, web)).toMatchObject({ name: "SlipwayError", code });
  });

  it("keep the engine's sentence without the library's wrapping", () => {
    expect(toEngineError(reply(500, "driver failed"), web).message).toBe(
      'The container engine failed for container "web": driver failed.',
    );
  });

  it("come out as the signal's reason when the caller gave up", async () => {
    const controller = new AbortController();
    const run = guarded(web, controller.signal, () => {
      controller.abort(new Error("enough"));
      return Promise.reject(new Error("aborted"));
    });
    await expect(run).rejects.toThrow("enough");
  });
});

describe("a failed start", () => {
  it.each([
    [
      400,
      'OCI runtime create failed: starting container process caused: exec: "/x": stat /x: no such file or directory: unknown',
      "ExecutableNotFound",
    ],
    [404, 'OCI runtime create failed: exec: "x": executable file not found in $PATH: unknown', "ExecutableNotFound"],
    [400, 'OCI runtime create failed: exec: "/etc": permission denied: unknown', "PermissionDenied"],
    [
      500,
      "driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated",
      "PortTaken",
    ],
    [409, "cannot join network of a non running container: abc", "SandboxNotRunning"],
    [500, "something new", "RuntimeError"],
  ])("of %i %s has the reason %s", (status, text, reason) => {
    expect(toStartError(reply(status, text), "web")).toMatchObject({
      code: "ContainerStartFailed",
      fields: { reason },
    });
  });

  it("of a container that is gone is ContainerNotFound", () => {
    expect(toStartError(reply(404, "No such container: web"), "web").code).toBe("ContainerNotFound");
  });

  it("tells the part of the runtime's chain that a user can act on", () => {
    const text =
      'OCI runtime create failed: runc create failed: unable to start: exec: "/x": permission denied: unknown';
    expect(toStartError(reply(400, text), "web").message).toBe('exec: "/x": permission denied: unknown');
  });
});
