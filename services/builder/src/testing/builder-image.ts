import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { pack } from "tar-stream";
import { tarOf } from "../tree/tar-of.ts";

const APPLETS = [
  "sleep",
  "cat",
  "echo",
  "tar",
  "cp",
  "mv",
  "mkdir",
  "rm",
  "id",
  "env",
  "dd",
  "ls",
  "grep",
  "test",
  "chmod",
];

/** What the tests' builder runs. A source may hold `hook`, a script that assemble runs. */
const ASSEMBLE = `#!/bin/sh
set -e
echo "---> Installing application source ..."
cp -R /tmp/src/. /opt/app/
if [ -d /tmp/artifacts/deps ]; then
  echo "---> Restoring build artifacts ..."
  mv /tmp/artifacts/deps /opt/app/deps
else
  echo "---> Installing dependencies ..."
  mkdir -p /opt/app/deps
  sleep 3
  echo installed > /opt/app/deps/one
fi
if [ -f /opt/app/hook ]; then . /opt/app/hook; fi
`;
const RUN = '#!/bin/sh\necho "message: $(cat /opt/app/message)"\nenv\nid\n';
const SAVE_ARTIFACTS = "#!/bin/sh\ncd /opt/app && tar -cf - deps\n";

export const S2I_LABELS = [
  "LABEL io.openshift.s2i.scripts-url=image:///usr/libexec/s2i io.k8s.description=Tests",
  "USER 1001",
  "WORKDIR /opt/app",
  'ENTRYPOINT ["/bin/env"]',
];

/** A root file system of busybox alone; `shell` is the name that its shell has. */
export const busyboxRootfs = (options: { readonly scripts?: boolean; readonly shell?: string } = {}): Readable =>
  tarOf(async (archive) => {
    const shell = options.shell ?? "sh";
    const script = (text: string) => text.replace("#!/bin/sh", `#!/bin/${shell}`);
    const add = (header: Parameters<ReturnType<typeof pack>["entry"]>[0], content: string | Buffer = "") =>
      new Promise<void>((resolve, reject) => {
        archive.entry(header, content, (error) => (error ? reject(error) : resolve()));
      });
    for (const name of ["bin", "opt", "etc", "usr", "usr/libexec", "usr/libexec/s2i"])
      await add({ name, type: "directory", mode: 0o755 });
    await add({ name: "tmp", type: "directory", mode: 0o1777 });
    await add({ name: "opt/app", type: "directory", mode: 0o775, uid: 1001, gid: 0 });
    await add({ name: "bin/busybox", mode: 0o755 }, await readFile("/bin/busybox"));
    for (const applet of [shell, ...APPLETS]) {
      await add({ name: `bin/${applet}`, type: "symlink", linkname: "/bin/busybox" });
    }
    if (options.scripts === false) return;
    await add({ name: "usr/libexec/s2i/assemble", mode: 0o755 }, script(ASSEMBLE));
    await add({ name: "usr/libexec/s2i/run", mode: 0o755 }, script(RUN));
    await add({ name: "usr/libexec/s2i/save-artifacts", mode: 0o755 }, script(SAVE_ARTIFACTS));
  });
