-- Records come in the order of their time, so a range of blocks finds a range of time; callers without a team or name need no entry.
DROP INDEX "audit_records_time";
--> statement-breakpoint
CREATE INDEX "audit_records_time" ON "audit_records" USING brin ("time");
--> statement-breakpoint
DROP INDEX "audit_records_team";
--> statement-breakpoint
CREATE INDEX "audit_records_team" ON "audit_records" ("team", "time") WHERE "team" IS NOT NULL;
--> statement-breakpoint
DROP INDEX "audit_records_user";
--> statement-breakpoint
CREATE INDEX "audit_records_user" ON "audit_records" ("user_name", "time") WHERE "user_name" IS NOT NULL;
