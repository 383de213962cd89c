import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { dockerEngine } from "@slipway/containers";
import { delay } from "@slipway/kernel";
import { IMAGES_FOLDER } from "./catalog.ts";
import { type EnsuredImage, ensureImages } from "./ensure-images.ts";
import { buildByHand } from "./s2i-by-hand.ts";

const NAMES = ["base", "busybox", "pause", "s2i-base", "nodejs", "python", "static"];

const SERVER = `const ms = require("ms");
const server = require("node:http").createServer((_, res) => res.end("two days are " + ms("2 days") + " as " + process.getuid()));
server.listen(process.env.PORT);
process.on("SIGTERM", () => server.close(() => process.exit(7)));`;

// The images are made under names of this spec's own, so that it can remove them whoever else uses the engine.
describe("the platform's images", () => {
  const engine = dockerEngine();
  const prefix = `images-spec-${process.pid}`;
  const containers: string[] = [];
  const results: string[] = [];
  let folder: string;
  let ensured: EnsuredImage[];

  const ensure = () =>
    ensureImages({ engine, folder: join(folder, "images"), cacheFolder: join(folder, "cache"), log: () => {} });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "images-spec-"));
    await cp(IMAGES_FOLDER, join(folder, "images"), { recursive: true });
    const catalog = join(folder, "images", "images.json");
    await writeFile(catalog, (await readFile(catalog, "utf8")).replaceAll("slipway/", `${prefix}/`));
    // The root file system takes most of the time: where the platform has made one of the same sources, it will do.
    await engine.images.tag("slipway/base:latest", `${prefix}/base:latest`).catch(() => {});
    ensured = await ensure();
  }, 600_000);

  afterAll(async () => {
    for (const id of containers) await engine.containers.remove(id, { force: true });
    for (const ref of results.reverse()) await engine.images.remove(ref, { force: true });
    for (const name of [...NAMES].reverse()) await engine.images.remove(`${prefix}/${name}:latest`, { force: true });
    engine.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const sourceOf = async (name: string, files: Readonly<Record<string, string>>) => {
    const source = join(folder, name);
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(source, path)), { recursive: true });
      await writeFile(join(source, path), content);
    }
    return source;
  };

  const build = async (builder: string, name: string, source: string, previous?: string) => {
    const result = `${prefix}-${name}:1`;
    results.push(result);
    return buildByHand({
      engine,
      builder: `${prefix}/${builder}:latest`,
      source,
      result,
      ...(previous && { previous }),
    });
  };

  /** Starts the result as any user of group 0, as the platform may, and waits for its answer. */
  const answerOf = async (name: string, path = "/", user = "4711:0") => {
    const { id } = await engine.containers.create({ image: `${prefix}-${name}:1`, user });
    containers.push(id);
    await engine.containers.start(id);
    for (;;) {
      const { ip, state } = await engine.containers.inspect(id);
      if (state.status !== "running") throw new Error(`it ended with ${state.exitCode}`);
      try {
        const response = await fetch(`http://${ip}:8080${path}`);
        return { id, status: response.status, body: await response.text() };
      } catch {
        await delay(50);
      }
    }
  };

  it("are made once and found the second time", async () => {
    expect(ensured.map((each) => each.name)).toEqual(NAMES.map((name) => `${prefix}/${name}`));
    expect(ensured.slice(1).every((each) => each.how === "made")).toBe(true);
    expect((await ensure()).every((each) => each.how === "present")).toBe(true);
  });

  it.each(["nodejs", "python", "static"])("%s is a builder as the S2I protocol wants it", async (name) => {
    const image = await engine.images.inspect(`${prefix}/${name}:latest`);
    expect(image).toMatchObject({ user: "1001", workingDir: "/opt/app-root/src", exposedPorts: ["8080/tcp"] });
    expect(image.env.HOME).toBe("/opt/app-root");
    expect(Object.keys(image.env).filter((key) => /proxy|cert|cafile|registry/i.test(key))).toEqual([]);
    expect(image.labels).toMatchObject({
      "io.openshift.s2i.scripts-url": "image:///usr/libexec/s2i",
      "io.openshift.s2i.destination": "/tmp",
      "io.openshift.expose-services": "8080:http",
      "io.k8s.display-name": expect.any(String),
      "io.openshift.tags": expect.stringContaining("builder"),
    });
  });

  it("pause holds on until it is killed, and dies at once", async () => {
    const { id } = await engine.containers.create({ image: `${prefix}/pause:latest` });
    containers.push(id);
    await engine.containers.start(id);
    expect((await engine.containers.inspect(id)).state.status).toBe("running");
    const before = performance.now();
    await engine.containers.stop(id, { graceSeconds: 30 });
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it("nodejs builds an application with a dependency, runs it as any user, and carries packages over", async () => {
    const manifest = {
      name: "app",
      version: "1.0.0",
      scripts: { start: "node server.js" },
      dependencies: { ms: "2.1.3" },
    };
    const source = await sourceOf("node-app", { "package.json": JSON.stringify(manifest), "server.js": SERVER });
    expect(await build("nodejs", "node-app", source)).toContain("---> Installing packages (npm install)");
    const { id, body } = await answerOf("node-app");
    expect(body).toBe("two days are 172800000 as 4711");
    // TERM reaches the application itself, which ends in its own way.
    await engine.containers.stop(id, { graceSeconds: 20 });
    expect((await engine.containers.inspect(id)).state.exitCode).toBe(7);
    const again = await build("nodejs", "node-app-again", source, `${prefix}-node-app:1`);
    expect(again).toEqual(
      expect.arrayContaining(["---> Restoring packages of the previous build", "---> Packages are unchanged"]),
    );
    expect((await answerOf("node-app-again")).body).toContain("172800000");
  }, 120_000);

  it("nodejs runs the build script with development packages, and leaves them out of the result", async () => {
    const manifest = {
      name: "built",
      version: "1.0.0",
      scripts: {
        build: "node -e \"require('ms'); require('fs').writeFileSync('server.js', process.env.npm_lifecycle_event)\"",
      },
      devDependencies: { ms: "2.1.3" },
    };
    const source = await sourceOf("node-built", { "package.json": JSON.stringify(manifest) });
    const lines = await build("nodejs", "node-built", source);
    expect(lines).toEqual(
      expect.arrayContaining(["---> Building (npm run build)", "---> Removing development packages"]),
    );
    const { id } = await engine.containers.create({ image: `${prefix}-node-built:1`, command: ["sleep", "60"] });
    containers.push(id);
    await engine.containers.start(id);
    const { output } = await engine.containers.exec(id, { command: ["sh", "-c", "cat server.js; ls node_modules"] });
    expect(output).toBe("build");
  }, 120_000);

  it("nodejs fails for a package that does not exist, with npm's words", async () => {
    const manifest = { name: "bad", version: "1.0.0", dependencies: { "slipway-no-such-package-here": "1.0.0" } };
    const source = await sourceOf("node-bad", { "package.json": JSON.stringify(manifest) });
    await expect(build("nodejs", "node-bad", source)).rejects.toThrow(/assemble failed with 1:[\s\S]*E404/);
  }, 120_000);

  it("python runs app.py as it is and wsgi.py through gunicorn, without an index", async () => {
    const plain = await sourceOf("py-plain", {
      "app.py":
        "import http.server, os\nhttp.server.test(http.server.SimpleHTTPRequestHandler, port=int(os.environ['PORT']))\n",
    });
    expect(await build("python", "py-plain", plain)).toContain("---> Nothing to install");
    expect((await answerOf("py-plain", "/app.py")).body).toContain("import http.server");
    const wsgi = await sourceOf("py-wsgi", {
      "wsgi.py": "def application(environ, start_response):\n  start_response('200 OK', [])\n  return [b'from wsgi']\n",
    });
    await build("python", "py-wsgi", wsgi);
    expect((await answerOf("py-wsgi")).body).toBe("from wsgi");
  }, 120_000);

  it("static serves the public folder and keeps dot files to itself", async () => {
    const site = await sourceOf("site", {
      "public/index.html": "<h1>hello</h1>",
      "public/.env": "SECRET=1",
      "README.md": "not served",
    });
    await build("static", "site", site);
    expect(await answerOf("site")).toMatchObject({ status: 200, body: "<h1>hello</h1>" });
    expect((await answerOf("site", "/.env")).status).toBe(404);
    expect((await answerOf("site", "/README.md")).status).toBe(404);
  }, 120_000);
});
