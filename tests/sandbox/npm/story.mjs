// One story of a case, told by GitHub's own JavaScript client as it comes: node story.mjs URL TOKEN.
// It prints what it saw as JSON.
import { Octokit } from "octokit";

const [, , baseUrl, auth] = process.argv;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const octokit = new Octokit({ auth, baseUrl, log });
const desk = { owner: "acme", repo: "desk" };
const seen = {};

seen.login = (await octokit.rest.users.getAuthenticated()).data.login;
await octokit.rest.issues.create({ ...desk, title: "Issue 5", labels: ["late"] });
const issues = await octokit.paginate(octokit.rest.issues.listForRepo, { ...desk, per_page: 2 });
seen.issues = issues.map((issue) => issue.number);
await octokit.rest.issues.createComment({ ...desk, issue_number: 1, body: "On my way" });
await octokit.rest.issues.addAssignees({ ...desk, issue_number: 1, assignees: ["ann"] });
await octokit.rest.issues.update({ ...desk, issue_number: 1, state: "closed", state_reason: "completed" });
const timeline = await octokit.paginate(octokit.rest.issues.listEventsForTimeline, { ...desk, issue_number: 1 });
seen.timeline = timeline.map((item) => item.event);

const main = (await octokit.rest.git.getRef({ ...desk, ref: "heads/main" })).data.object.sha;
await octokit.rest.git.createRef({ ...desk, ref: "refs/heads/fix", sha: main });
const content = Buffer.from("# Fixed\n").toString("base64");
await octokit.rest.repos.createOrUpdateFileContents({ ...desk, path: "fix.md", branch: "fix", message: "Fix", content });
const pull = await octokit.rest.pulls.create({ ...desk, title: "Fix", body: "Fixes #2", head: "fix", base: "main" });
seen.merged = (await octokit.rest.pulls.merge({ ...desk, pull_number: pull.data.number })).data.merged;
seen.second = (await octokit.rest.issues.get({ ...desk, issue_number: 2 })).data.state;

const pages = octokit.graphql.paginate.iterator(
  `query ($cursor: String) { repository(owner: "acme", name: "desk") {
     issues(first: 2, after: $cursor, orderBy: { field: CREATED_AT, direction: ASC }) {
       nodes { number state } pageInfo { hasNextPage endCursor } } } }`,
);
seen.states = [];
for await (const page of pages) {
  seen.states.push(...page.repository.issues.nodes.map((issue) => `${issue.number} ${issue.state}`));
}
try {
  await octokit.rest.issues.get({ ...desk, issue_number: 99 });
} catch (error) {
  seen.refused = `${error.status} ${error.response.data.message}`;
}
console.log(JSON.stringify(seen));
