import type { ProjectJson } from "@slipway/proto";
import { DeciderSpecification } from "@slipway/testkit";
import { projectDecider } from "./decider.ts";
import type { ProjectEvent } from "./events.ts";
import { projectView } from "./view.ts";

const AT = "2026-01-01T10:00:00.000Z";
const projects = DeciderSpecification.for(projectDecider);
const object: ProjectJson = { kind: "Project", metadata: { name: "demo", uid: "u1", generation: 1 } };
const created: ProjectEvent = { type: "ProjectCreated", data: { project: object } };
const terminating: ProjectEvent = { type: "ProjectTerminating", data: { at: AT } };
const deleted: ProjectEvent = { type: "ProjectDeleted", data: { uid: "u1" } };

describe("deleting a project", () => {
  const request = { type: "RequestProjectDeletion", at: AT } as const;

  it("is asked for once and ended when the project is empty", () => {
    projects.given([created]).when(request).then([terminating]);
    projects.given([created, terminating]).when(request).thenNothingHappened();
    projects.given([created, terminating]).when({ type: "FinishProjectDeletion" }).then([deleted]);
  });

  it("is not ended before it was asked for", () => {
    projects.given([created]).when({ type: "FinishProjectDeletion" }).thenRefused("FailedPrecondition");
  });

  it("lets nothing new in", () => {
    projects.given([created, terminating]).when({ type: "ApplyProject", object }).thenRefused("ProjectTerminating");
    projects
      .given([created, terminating])
      .when({ type: "CreateProject", object: { ...object, metadata: { name: "demo", uid: "u2" } } })
      .thenRefused("ProjectTerminating");
  });

  it("frees the name", () => {
    projects.given([created, terminating, deleted]).when({ type: "CreateProject", object }).then([created]);
    projects.given([created, terminating, deleted]).when(request).thenNothingHappened();
  });
});

describe("projectView", () => {
  it("tells Active from Terminating", () => {
    expect(projectView({ status: "live", object }).status).toEqual({ phase: "Active" });
    expect(projectView({ status: "live", object, terminating: { at: AT } })).toMatchObject({
      metadata: { deletionTimestamp: AT },
      status: { phase: "Terminating" },
    });
  });
});
