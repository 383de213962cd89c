import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { type ApiObject, isReady } from "../harness/api.ts";
import { ask } from "../harness/ask.ts";
import { realManifest } from "../harness/inputs.ts";
import { measured } from "../harness/measured.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { buildStandIns, type StandIn } from "../harness/stand-in-images.ts";
import { until } from "../harness/until.ts";

const STAND_INS: readonly StandIn[] = [
  { image: "openshift/hello-openshift", folder: "hello-openshift" },
  { image: "k8s.gcr.io/redis:e2e", folder: "redis" },
  { image: "gcr.io/google_samples/gb-redisslave:v1", folder: "redis", buildArgs: { ROLE: "slave" } },
  { image: "gcr.io/google-samples/gb-frontend:v4", folder: "guestbook-frontend" },
];

const GUESTBOOK = "k8s-1.10-examples/examples/guestbook/all-in-one/guestbook-all-in-one.yaml";
const REDIS_SLAVE = "k8s-1.11/test/e2e/testing-manifests/guestbook/legacy/redis-slave-controller.yaml";

/** Applications that others wrote, as they are; only their images are made here. */
export const applicationsStory = (platform: () => TestPlatform): void => {
  let removeImages = async (): Promise<void> => {};

  beforeAll(async () => {
    removeImages = await buildStandIns(platform().engine, STAND_INS);
  }, 120_000);

  afterAll(async () => {
    for (const project of ["hello-openshift-project", "guestbook"]) {
      await platform().slipway(["project", "delete", project]);
      await until(`project ${project} is gone`, async () =>
        (await platform().api.get("projects", "", project)) === undefined ? true : undefined,
      );
    }
    await removeImages();
  }, 90_000);

  it("runs hello-openshift from its project and pod, and both of its ports answer", async () => {
    const { slipway, api } = platform();
    const project = realManifest("origin/examples/hello-openshift/hello-project.json");
    const pod = realManifest("origin/examples/hello-openshift/hello-pod.json");
    const startedAt = performance.now();
    expect(await slipway(["apply", "-f", project])).toMatchObject({ code: 0 });
    expect(await slipway(["apply", "-f", pod, "-n", "hello-openshift-project"])).toMatchObject({ code: 0 });
    const { status } = await api.untilObject("pods", "hello-openshift-project", "hello-openshift", isReady);
    measured("hello-openshift applied, until its pod is ready", performance.now() - startedAt);
    for (const port of [8080, 8888]) {
      const answer = await until(`port ${port} answers`, () => ask({ host: status?.podIP ?? "", port }, "/"));
      expect(answer).toEqual({ status: 200, body: "Hello OpenShift!\n" });
    }
    const logs = await slipway(["logs", "hello-openshift", "-n", "hello-openshift-project"]);
    expect(logs).toMatchObject({ code: 0, stdout: "serving on 8080\nserving on 8888\n" });
  }, 90_000);

  describe("the guestbook", () => {
    let frontend: { readonly host: string; readonly port: number };

    beforeAll(async () => {
      const { api } = platform();
      await api.apply("", { apiVersion: "v1", kind: "Project", metadata: { name: "guestbook" } });
      await api.apply("guestbook", { apiVersion: "v1", kind: "List", items: guestbookObjects() });
      await api.apply("guestbook", readFileSync(realManifest(REDIS_SLAVE), "utf8"));
      await api.untilObjects("pods", "guestbook", (pods) => pods.length === 6 && pods.every(isReady), 120_000);
      const service = await api.get("services", "guestbook", "frontend");
      frontend = { host: String(service?.spec?.clusterIP), port: 80 };
    }, 150_000);

    it("takes a message through the frontend's address, and every frontend reads it from a slave", async () => {
      const set = await until("the frontend writes", async () => {
        const answer = await ask(frontend, "/guestbook.php?cmd=set&key=messages&value=hello");
        return answer.status === 200 ? answer : undefined;
      });
      expect(set.status).toBe(200);
      const frontends = new Set<string>();
      await until("all three frontends read the message", async () => {
        const { body } = await ask(frontend, "/guestbook.php?cmd=get&key=messages");
        const { frontend: name, data } = JSON.parse(body) as { frontend: string; data: string };
        if (data === "hello") frontends.add(name);
        return frontends.size === 3 || undefined;
      });
      const pods = await platform().api.list("pods", "guestbook", "tier=frontend");
      expect([...frontends].sort()).toEqual(pods.map(({ metadata }) => metadata.name).sort());
    }, 60_000);

    it("finds its services by each of their names", async () => {
      const { api, engine, installation } = platform();
      const address = String((await api.get("services", "guestbook", "redis-master"))?.spec?.clusterIP);
      const [pod] = (await api.list("pods", "guestbook", "tier=frontend")) as [ApiObject];
      const labels = {
        "slipway.instance": installation.instance,
        "slipway.pod.uid": pod.metadata.uid ?? "",
        "slipway.role": "app",
      };
      const [container] = await engine.containers.list({ labels });
      for (const name of ["redis-master", "redis-master.guestbook", "redis-master.guestbook.svc.cluster.local"]) {
        const { output } = await engine.containers.exec(container?.id ?? "", { command: ["getent", "hosts", name] });
        expect(output.split(/\s+/)[0]).toBe(address);
      }
    });
  });
};

/**
 * The guestbook's services as they are. Its pods are Deployments in the file at hand; each is taken as the replication
 * controller that it once was, its template untouched. The slaves' controller has a file of its own.
 */
const guestbookObjects = (): object[] => {
  const documents = parseAllDocuments(readFileSync(realManifest(GUESTBOOK), "utf8"));
  return documents.flatMap((document) => {
    const object = document.toJS() as { kind: string; metadata: { name: string }; spec: Record<string, unknown> };
    if (object.kind !== "Deployment") return [object];
    if (object.metadata.name === "redis-slave") return [];
    return [{ ...object, apiVersion: "v1", kind: "ReplicationController" }];
  });
};
