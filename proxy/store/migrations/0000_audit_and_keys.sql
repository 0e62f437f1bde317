CREATE TABLE "audit_records" (
  "seq" bigint PRIMARY KEY NOT NULL,
  "request_id" text NOT NULL,
  "kind" text NOT NULL,
  "time" bigint NOT NULL,
  "user_name" text,
  "team" text,
  "action" text NOT NULL,
  "destination" text,
  "entities" text[] NOT NULL,
  "record" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_records_request" ON "audit_records" ("request_id");
--> statement-breakpoint
CREATE INDEX "audit_records_time" ON "audit_records" ("time");
--> statement-breakpoint
CREATE INDEX "audit_records_team" ON "audit_records" ("team", "time");
--> statement-breakpoint
CREATE INDEX "audit_records_user" ON "audit_records" ("user_name", "time");
--> statement-breakpoint
CREATE TABLE "audit_head" (
  "id" integer PRIMARY KEY NOT NULL CHECK ("id" = 1),
  "size" bigint NOT NULL
);
--> statement-breakpoint
INSERT INTO "audit_head" ("id", "size") VALUES (1, 0);
--> statement-breakpoint
CREATE TABLE "audit_writers" (
  "writer" text PRIMARY KEY NOT NULL,
  "next_position" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
  "id" text PRIMARY KEY NOT NULL,
  "hash" text NOT NULL,
  "team" text NOT NULL,
  "user_name" text NOT NULL,
  "region" text,
  "scopes" text[] NOT NULL,
  "created_at" bigint NOT NULL,
  "revoked_at" bigint
);
