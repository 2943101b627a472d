-- Every instant is in seconds since the Unix epoch. Ids come from one sequence, so that within one second
-- the order of ids is the order of creation, whatever the table.
CREATE TABLE sequence (last INTEGER NOT NULL);
INSERT INTO sequence VALUES (1000);

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL COLLATE NOCASE,
    type TEXT NOT NULL,              -- User, Organization or Bot; a bot's login ends in [bot]
    gone INTEGER NOT NULL DEFAULT 0, -- deleted: shown as ghost
    created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX users_login ON users (login) WHERE NOT gone;
INSERT INTO users VALUES (10137, 'ghost', 'User', 0, 1209600000);                  -- both under GitHub's own ids
INSERT INTO users VALUES (41898282, 'github-actions[bot]', 'Bot', 0, 1532908800);

CREATE TABLE tokens (
    token TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users,
    permissions TEXT,                -- JSON {scope: read|write}; NULL: all that the person may do
    repo_id INTEGER REFERENCES repos, -- the only repository in which the permissions hold; NULL: any
    scopes TEXT                      -- JSON: the scopes of a classic token; NULL: it has none of its own and may all
);

CREATE TABLE repos (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES users,
    name TEXT NOT NULL COLLATE NOCASE,
    private INTEGER NOT NULL,
    default_branch TEXT NOT NULL,
    fork_of INTEGER REFERENCES repos,
    workflows_open_pulls INTEGER NOT NULL DEFAULT 1, -- the setting that lets GitHub Actions open pull requests
    archived INTEGER NOT NULL DEFAULT 0,
    has_issues INTEGER NOT NULL DEFAULT 1,
    topics TEXT NOT NULL DEFAULT '[]', -- a JSON list
    last_number INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    pushed_at INTEGER NOT NULL,
    UNIQUE (owner_id, name)
);

CREATE TABLE renames (               -- names that repositories had
    owner_id INTEGER NOT NULL REFERENCES users,
    name TEXT NOT NULL COLLATE NOCASE,
    repo_id INTEGER NOT NULL REFERENCES repos,
    PRIMARY KEY (owner_id, name)
);

CREATE TABLE members (
    repo_id INTEGER NOT NULL REFERENCES repos,
    user_id INTEGER NOT NULL REFERENCES users,
    association TEXT NOT NULL,
    permission TEXT NOT NULL,        -- none, read, triage, write, maintain or admin
    PRIMARY KEY (repo_id, user_id)
);

CREATE TABLE teams (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES users,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (org_id, slug)
);

CREATE TABLE team_members (
    team_id INTEGER NOT NULL REFERENCES teams,
    user_id INTEGER NOT NULL REFERENCES users,
    PRIMARY KEY (team_id, user_id)
);

CREATE TABLE labels (
    id INTEGER PRIMARY KEY,
    repo_id INTEGER NOT NULL REFERENCES repos,
    name TEXT NOT NULL COLLATE NOCASE,
    color TEXT NOT NULL,
    description TEXT,
    is_default INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (repo_id, name)
);

CREATE TABLE issues (
    id INTEGER PRIMARY KEY,
    repo_id INTEGER NOT NULL REFERENCES repos,
    number INTEGER NOT NULL,
    is_pull INTEGER NOT NULL DEFAULT 0,
    author_id INTEGER NOT NULL REFERENCES users,
    title TEXT NOT NULL,
    body TEXT,
    state TEXT NOT NULL DEFAULT 'open',
    state_reason TEXT,
    locked INTEGER NOT NULL DEFAULT 0,
    lock_reason TEXT,
    deleted INTEGER NOT NULL DEFAULT 0,
    moved_to INTEGER REFERENCES issues, -- the issue that it became in another repository
    milestone_id INTEGER REFERENCES milestones,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    edited_at INTEGER,               -- of the body; a new title is an event
    editor_id INTEGER REFERENCES users,
    closed_at INTEGER,
    closed_by INTEGER REFERENCES users,
    UNIQUE (repo_id, number)
);
CREATE INDEX issues_updated ON issues (repo_id, updated_at);
CREATE INDEX issues_open ON issues (repo_id) WHERE state = 'open' AND NOT deleted;

CREATE TABLE milestones (
    id INTEGER PRIMARY KEY,
    repo_id INTEGER NOT NULL REFERENCES repos,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    description TEXT,
    state TEXT NOT NULL,
    creator_id INTEGER NOT NULL REFERENCES users,
    due_on INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    closed_at INTEGER,
    UNIQUE (repo_id, number)
);

CREATE TABLE search_index (          -- what a search that lags behind knows of an issue
    issue_id INTEGER PRIMARY KEY REFERENCES issues,
    document TEXT NOT NULL           -- JSON
);

CREATE TABLE pulls (                 -- what a pull request is besides an issue
    id INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL UNIQUE REFERENCES issues,
    base_ref TEXT NOT NULL,          -- a branch of the issue's repository
    base_sha TEXT NOT NULL,          -- its head when the pull request was opened, last pushed to, or merged
    head_repo_id INTEGER NOT NULL REFERENCES repos,
    head_ref TEXT NOT NULL,
    head_sha TEXT NOT NULL,
    draft INTEGER NOT NULL,
    merged_at INTEGER,
    merged_by INTEGER REFERENCES users,
    merge_sha TEXT                   -- the commit that the merge made
);
CREATE INDEX pulls_head ON pulls (head_repo_id, head_ref);

CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL REFERENCES issues,
    author_id INTEGER NOT NULL REFERENCES users,
    state TEXT NOT NULL,             -- PENDING, COMMENTED, APPROVED, CHANGES_REQUESTED or DISMISSED
    body TEXT NOT NULL,
    commit_sha TEXT NOT NULL,
    submitted_at INTEGER             -- NULL: pending
);
CREATE INDEX reviews_issue ON reviews (issue_id);

CREATE TABLE review_requests (
    issue_id INTEGER NOT NULL REFERENCES issues,
    user_id INTEGER NOT NULL REFERENCES users,
    PRIMARY KEY (issue_id, user_id)
);

CREATE TABLE issue_labels (
    issue_id INTEGER NOT NULL REFERENCES issues,
    label_id INTEGER NOT NULL REFERENCES labels ON DELETE CASCADE,
    PRIMARY KEY (issue_id, label_id)
);
CREATE INDEX issue_labels_label ON issue_labels (label_id);

CREATE TABLE assignees (
    issue_id INTEGER NOT NULL REFERENCES issues,
    user_id INTEGER NOT NULL REFERENCES users,
    PRIMARY KEY (issue_id, user_id)
);

CREATE TABLE comments (
    id INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL REFERENCES issues,
    author_id INTEGER NOT NULL REFERENCES users,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    edited_at INTEGER,
    editor_id INTEGER REFERENCES users,
    minimized TEXT                   -- why it is hidden; NULL: it is not
);
CREATE INDEX comments_issue ON comments (issue_id);

CREATE TABLE revisions (             -- of the body of an issue or a comment; the oldest is the original
    id INTEGER PRIMARY KEY,
    subject_id INTEGER NOT NULL,
    body TEXT NOT NULL,
    editor_id INTEGER NOT NULL REFERENCES users,
    edited_at INTEGER NOT NULL
);
CREATE INDEX revisions_subject ON revisions (subject_id);

CREATE TABLE events (                -- a timeline's items that are no comments; kind is REST's name
    id INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL REFERENCES issues,
    kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES users,
    at INTEGER NOT NULL,
    data TEXT NOT NULL               -- JSON, by kind
);
CREATE INDEX events_issue ON events (issue_id);

CREATE TABLE reactions (
    id INTEGER PRIMARY KEY,
    subject_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (subject_id, user_id, content)
);

CREATE TABLE objects (               -- git's own objects under git's own hashes
    oid TEXT PRIMARY KEY,
    type TEXT NOT NULL,              -- blob, tree or commit
    content BLOB NOT NULL
);

CREATE TABLE refs (
    repo_id INTEGER NOT NULL REFERENCES repos,
    name TEXT NOT NULL,              -- refs/heads/main
    oid TEXT NOT NULL,
    PRIMARY KEY (repo_id, name)
);

CREATE TABLE statuses (
    id INTEGER PRIMARY KEY,
    repo_id INTEGER NOT NULL REFERENCES repos,
    sha TEXT NOT NULL,
    context TEXT NOT NULL,
    state TEXT NOT NULL,             -- error, failure, pending or success
    description TEXT,
    target_url TEXT,
    creator_id INTEGER NOT NULL REFERENCES users,
    created_at INTEGER NOT NULL
);
CREATE INDEX statuses_commit ON statuses (repo_id, sha);

CREATE TABLE check_runs (
    id INTEGER PRIMARY KEY,
    repo_id INTEGER NOT NULL REFERENCES repos,
    sha TEXT NOT NULL,
    name TEXT NOT NULL,
    app_id INTEGER NOT NULL REFERENCES users,
    status TEXT NOT NULL,            -- queued, in_progress or completed
    conclusion TEXT,
    title TEXT,
    summary TEXT,
    started_at INTEGER NOT NULL,
    completed_at INTEGER
);
CREATE INDEX check_runs_commit ON check_runs (repo_id, sha);

CREATE TABLE workflows (             -- what is known of a workflow besides its file
    id INTEGER PRIMARY KEY,
    repo_id INTEGER NOT NULL REFERENCES repos,
    path TEXT NOT NULL,              -- .github/workflows/enforce.yml
    state TEXT NOT NULL DEFAULT 'active',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (repo_id, path)
);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    workflow_id INTEGER NOT NULL REFERENCES workflows,
    number INTEGER NOT NULL,
    event TEXT NOT NULL,
    conclusion TEXT,                 -- NULL: still in progress
    actor_id INTEGER NOT NULL REFERENCES users,
    head_sha TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX runs_workflow ON runs (workflow_id, created_at);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    action TEXT,
    repository TEXT NOT NULL,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    by_workflow_token INTEGER NOT NULL,
    payload TEXT NOT NULL
);

CREATE TABLE pins (                  -- issues on top of their repository's list
    issue_id INTEGER PRIMARY KEY REFERENCES issues,
    pinned_by INTEGER NOT NULL REFERENCES users
);

CREATE TABLE linked_branches (       -- made for an issue
    id INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL REFERENCES issues,
    repo_id INTEGER NOT NULL REFERENCES repos,
    name TEXT NOT NULL               -- refs/heads/7-fix
);

CREATE TABLE sub_issues (
    child_id INTEGER PRIMARY KEY REFERENCES issues,
    parent_id INTEGER NOT NULL REFERENCES issues,
    position REAL NOT NULL           -- among its parent's
);
CREATE INDEX sub_issues_parent ON sub_issues (parent_id, position);

CREATE TABLE dependencies (
    issue_id INTEGER NOT NULL REFERENCES issues,
    blocker_id INTEGER NOT NULL REFERENCES issues,
    PRIMARY KEY (issue_id, blocker_id)
);
CREATE INDEX dependencies_blocker ON dependencies (blocker_id);

CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES users,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    public INTEGER NOT NULL,
    creator_id INTEGER NOT NULL REFERENCES users,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    closed_at INTEGER,
    UNIQUE (owner_id, number)
);

CREATE TABLE project_fields (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects,
    name TEXT NOT NULL COLLATE NOCASE,
    kind TEXT NOT NULL,              -- TITLE, TEXT, NUMBER, DATE or SINGLE_SELECT
    options TEXT NOT NULL,           -- JSON: the names of a SINGLE_SELECT's options
    created_at INTEGER NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE project_items (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects,
    issue_id INTEGER NOT NULL REFERENCES issues,
    creator_id INTEGER NOT NULL REFERENCES users,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    archived INTEGER NOT NULL DEFAULT 0,
    UNIQUE (project_id, issue_id)
);

CREATE TABLE project_values (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES project_items,
    field_id INTEGER NOT NULL REFERENCES project_fields,
    value TEXT NOT NULL,             -- JSON: a text, a number, a date as YYYY-MM-DD, or an option's id
    creator_id INTEGER NOT NULL REFERENCES users,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (item_id, field_id)
);

CREATE TABLE caches (                -- what actions/cache has stored
    id INTEGER PRIMARY KEY,
    repo_id INTEGER NOT NULL REFERENCES repos,
    ref TEXT NOT NULL,
    key TEXT NOT NULL,
    version TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    UNIQUE (repo_id, ref, key, version)
);

CREATE TABLE releases (
    id INTEGER PRIMARY KEY,
    repo_id INTEGER NOT NULL REFERENCES repos,
    tag TEXT NOT NULL,
    target TEXT NOT NULL,
    name TEXT,
    body TEXT,
    draft INTEGER NOT NULL,
    prerelease INTEGER NOT NULL,
    author_id INTEGER NOT NULL REFERENCES users,
    created_at INTEGER NOT NULL,
    published_at INTEGER             -- NULL: a draft
);
