CREATE TABLE "usage_counters" (
  "counter" text PRIMARY KEY NOT NULL,
  "expires_at" bigint NOT NULL,
  "amount" double precision NOT NULL
);
--> statement-breakpoint
CREATE INDEX "usage_counters_expires" ON "usage_counters" ("expires_at");
