import { podRow } from "./pod-row.ts";

const pod = (status: object, more: { metadata?: object; spec?: object } = {}) => ({
  kind: "Pod",
  metadata: { name: "web", ...more.metadata },
  spec: { nodeName: "n1", containers: [{ name: "a" }, { name: "b" }], ...more.spec },
  status: { phase: "Running", ...status },
});
const statusOf = (...given: Parameters<typeof pod>) => podRow(pod(...given)).status;
const containers = (...states: object[]) => ({ containerStatuses: states.map((state) => ({ state })) });

describe("a pod's row", () => {
  it("counts ready containers among those wanted, and the restarts of all", () => {
    const containerStatuses = [
      { ready: true, restartCount: 2 },
      { ready: false, restartCount: 3 },
    ];
    expect(podRow(pod({ containerStatuses }))).toMatchObject({ ready: "1/2", restarts: 5 });
    expect(podRow(pod({ phase: "Pending" }))).toMatchObject({ ready: "0/2", restarts: 0 });
  });

  it("says Pending until it has a node, then ContainerCreating", () => {
    expect(statusOf({ phase: "Pending" }, { spec: { nodeName: undefined } })).toBe("Pending");
    expect(statusOf({ phase: "Pending" })).toBe("ContainerCreating");
  });

  it.each(["CrashLoopBackOff", "ErrImagePull", "ImagePullBackOff", "CreateContainerConfigError"])(
    "says %s when a container waits for that reason",
    (reason) => {
      expect(statusOf(containers({ running: {} }, { waiting: { reason } }))).toBe(reason);
    },
  );

  it("says how the containers of a pod ended that runs no more", () => {
    const failed = (terminated: object) => statusOf({ phase: "Failed", ...containers({ terminated }) });
    expect(failed({ reason: "OOMKilled", exitCode: 137 })).toBe("OOMKilled");
    expect(failed({ exitCode: 3 })).toBe("ExitCode:3");
    expect(statusOf({ phase: "Succeeded", ...containers({ terminated: { exitCode: 0 } }) })).toBe("Completed");
  });

  it("says the pod's own reason when the platform ended it", () => {
    expect(statusOf({ phase: "Failed", reason: "Evicted" })).toBe("Evicted");
  });

  it("says Terminating once its deletion was asked for, whatever its containers do", () => {
    const metadata = { deletionTimestamp: "2026-03-01T12:00:00Z" };
    expect(statusOf(containers({ waiting: { reason: "CrashLoopBackOff" } }), { metadata })).toBe("Terminating");
  });

  it("says Running while a container has ended and another runs", () => {
    expect(statusOf(containers({ terminated: { exitCode: 1 } }, { running: {} }))).toBe("Running");
  });
});
