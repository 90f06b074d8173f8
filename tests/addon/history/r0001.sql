BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE band (
	band BIGINT NOT NULL, 
	sample INTEGER NOT NULL, 
	PRIMARY KEY (band, sample), 
	FOREIGN KEY(sample) REFERENCES sample (number) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "band" VALUES(-7955973440354512467,1);
INSERT INTO "band" VALUES(-7068167856391861733,1);
INSERT INTO "band" VALUES(-5877997906305685178,1);
INSERT INTO "band" VALUES(-5511690820982627777,1);
INSERT INTO "band" VALUES(-2824500808419998056,1);
INSERT INTO "band" VALUES(-2200499795929618014,1);
INSERT INTO "band" VALUES(4124154240904063527,1);
INSERT INTO "band" VALUES(5575493295974840952,1);
INSERT INTO "band" VALUES(5633571719755471860,1);
INSERT INTO "band" VALUES(5666937687208114307,1);
INSERT INTO "band" VALUES(7302569269305495553,1);
INSERT INTO "band" VALUES(7322453250217151173,1);
CREATE TABLE client (
	site TEXT NOT NULL, 
	id TEXT NOT NULL, 
	name TEXT, 
	url TEXT, 
	note TEXT, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	PRIMARY KEY (site, id)
);
INSERT INTO "client" VALUES('crowdworks','52','青空企画制作所',NULL,'返事が早い','2026-11-01T03:00:00.000000Z','2026-11-04T03:00:00.000000Z');
CREATE TABLE contract (
	site TEXT NOT NULL, 
	id TEXT NOT NULL, 
	client_id TEXT, 
	title TEXT, 
	url TEXT, 
	due TEXT, 
	payment_due TEXT, 
	delivered_at TEXT, 
	revisions_agreed INTEGER, 
	revisions_set INTEGER, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	PRIMARY KEY (site, id)
);
INSERT INTO "contract" VALUES('crowdworks','7','52','商品データの入力','https://crowdworks.jp/contracts/7',NULL,NULL,NULL,NULL,2,'2026-11-01T03:00:00.000000Z','2026-11-02T03:00:00.000000Z');
CREATE TABLE finding (
	site TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	risk TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	subject_id TEXT, 
	client_id TEXT, 
	contract_id TEXT, 
	page TEXT NOT NULL, 
	told TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	PRIMARY KEY (site, "key")
);
INSERT INTO "finding" VALUES('crowdworks','0b2eee080f082c5e6531e6c9e5c41615','direct-contract','direct-contract','danger','message',NULL,'52','7','https://crowdworks.jp/messages/1','{"title": {"ja": "文", "en": "text"}, "quotes": []}','2026-11-04T03:00:00.000000Z','2026-11-04T03:00:00.000000Z');
CREATE TABLE job (
	site TEXT NOT NULL, 
	id TEXT NOT NULL, 
	client_id TEXT, 
	title TEXT, 
	url TEXT, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	PRIMARY KEY (site, id)
);
INSERT INTO "job" VALUES('crowdworks','9','52','商品データの入力','https://crowdworks.jp/public/jobs/9','2026-11-01T03:00:00.000000Z','2026-11-01T03:00:00.000000Z');
CREATE TABLE message (
	site TEXT NOT NULL, 
	thread_id TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	role TEXT, 
	sent_at TEXT, 
	place INTEGER NOT NULL, 
	asks_revision BOOLEAN NOT NULL, 
	delivers BOOLEAN NOT NULL, 
	fingerprint TEXT NOT NULL, 
	body TEXT, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	PRIMARY KEY (site, thread_id, "key")
);
INSERT INTO "message" VALUES('crowdworks','t1','1','freelancer','2026-11-03T03:00:00+00:00',0,0,1,'2b49e38d0be58cf205ca712d62928073e1ed2f842e0d1de33fbc28fa4939921e','納品しました。','2026-11-04T03:00:00.000000Z','2026-11-04T03:00:00.000000Z');
INSERT INTO "message" VALUES('crowdworks','t1','2','client','2026-11-04T03:00:00+00:00',1,1,0,'e668fa12210c78c1c1610681e3dcc20cd731b2364467c7734109580127bea92f','色を修正してください。','2026-11-04T03:00:00.000000Z','2026-11-04T03:00:00.000000Z');
CREATE TABLE sample (
	number INTEGER NOT NULL, 
	site TEXT NOT NULL, 
	client_id TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	subject_id TEXT NOT NULL, 
	signature BLOB NOT NULL, 
	first_seen TEXT NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (site, client_id, subject, subject_id)
);
INSERT INTO "sample" VALUES(1,'crowdworks','52','job','9',X'487DC426B2A43E7454921F5ED517B280F38F6721E7141F1B3B188F09C949213184B0C2178D42DA4AF8A4A50B9FD71A4F07FFFC102BC96127CAE9A12A3B49CB2A8CFF68C09974080C269B931F54765A1C0A1F96166CC4DE196298940B5C18050DA678720C0626D703E04C6C9731618205FB8DED055C676329B7281821145FC200A9307795EF401D018BABB60B98AFD01444F85E1125C318257599FD37572168022DAA31A1DD856C02398D33140A5195324A65D8C1C5EEC020D72147007DEF4D124B96E4110222574D35E8C3199E2D412CBBD991520C93ED2534359B4984930629D10067030F39DC0BF9085E0707C36339','2026-11-01T03:00:00.000000Z');
CREATE TABLE step (
	number INTEGER NOT NULL, 
	site TEXT NOT NULL, 
	contract_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	amount TEXT, 
	currency TEXT, 
	page TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "step" VALUES(1,'crowdworks','7','agreed','30000','JPY','https://crowdworks.jp/contracts/7','2026-11-01T03:00:00.000000Z','2026-11-01T03:00:00.000000Z');
INSERT INTO "step" VALUES(2,'crowdworks','7','escrow-funded',NULL,NULL,'https://crowdworks.jp/contracts/7','2026-11-02T03:00:00.000000Z','2026-11-02T03:00:00.000000Z');
CREATE TABLE thread (
	site TEXT NOT NULL, 
	id TEXT NOT NULL, 
	client_id TEXT, 
	contract_id TEXT, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	PRIMARY KEY (site, id)
);
INSERT INTO "thread" VALUES('crowdworks','t1','52','7','2026-11-04T03:00:00.000000Z','2026-11-04T03:00:00.000000Z');
CREATE TABLE token (
	token TEXT NOT NULL, 
	site TEXT NOT NULL, 
	client_id TEXT NOT NULL, 
	what TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	PRIMARY KEY (token, site, client_id)
)
 WITHOUT ROWID

;
INSERT INTO "token" VALUES('463825f0043e7579d40b642f9a7fd7cf','crowdworks','52','name','2026-11-01T03:00:00.000000Z');
CREATE TABLE verdict (
	page TEXT NOT NULL, 
	site TEXT NOT NULL, 
	kind TEXT, 
	state TEXT NOT NULL, 
	reason TEXT, 
	client_id TEXT, 
	contract_id TEXT, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	PRIMARY KEY (page)
);
INSERT INTO "verdict" VALUES('https://crowdworks.jp/public/jobs/9','crowdworks','job','clear',NULL,'52',NULL,'2026-11-01T03:00:00.000000Z','2026-11-01T03:00:00.000000Z');
INSERT INTO "verdict" VALUES('https://crowdworks.jp/contracts/7','crowdworks','contract','clear',NULL,'52','7','2026-11-01T03:00:00.000000Z','2026-11-02T03:00:00.000000Z');
INSERT INTO "verdict" VALUES('https://crowdworks.jp/messages/1','crowdworks','thread','danger',NULL,'52','7','2026-11-04T03:00:00.000000Z','2026-11-04T03:00:00.000000Z');
CREATE INDEX contract_client ON contract (site, client_id);
CREATE INDEX finding_client ON finding (site, client_id);
CREATE INDEX finding_contract ON finding (site, contract_id);
CREATE INDEX finding_time ON finding (last_seen);
CREATE INDEX job_client ON job (site, client_id);
CREATE INDEX step_contract ON step (site, contract_id);
CREATE INDEX thread_contract ON thread (site, contract_id);
CREATE INDEX token_client ON token (site, client_id);
CREATE INDEX band_sample ON band (sample);
COMMIT;
