# Frontdesk. `make` alone lists what there is; the work is done by scripts/frontdesk, standard library only.
.DEFAULT_GOAL := help
.PHONY: help run shell train learn learning-loop stop conversations simulate eval-intents eval-intents-public eval-intents-robust \
	eval-policies eval-retrieval bench-intent bench-retrieval bench-turn eval-answers eval-escalation eval-follow-ups eval-grounding \
	eval-guards bench-desk bench-reviews bench-console chaos test lint widget console lock command docs pictures clean

# The first Python here that is new enough; python3 itself says so when none is.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && exit; done; echo python3)
FRONTDESK := @$(PYTHON) -m scripts.frontdesk

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## set up what is missing, build what changed, start everything; Ctrl-C ends it
	$(FRONTDESK) run

shell: ## talk to the assistant in this terminal
	$(FRONTDESK) shell

train: ## build the intent model and the Rasa model, if anything they read has changed
	$(FRONTDESK) train

learn: ## train the intent model on what was corrected, and put it into service while everything runs
	$(FRONTDESK) learn

learning-loop: ## show the loop in a browser on a copy of the data: misunderstood, corrected, exported, trained, understood (minutes)
	@.venv/bin/python -m pytest -q -s tests/console/learning_loop.py

stop: ## end a Frontdesk that was started from this folder
	$(FRONTDESK) stop

conversations: ## play the conversation tests against the running system (started if it does not run)
	$(FRONTDESK) conversations $(ARGS)

simulate: ## simulated customers against a throw-away system (ARGS="-n 1000 --seed 7", "--seed 7 --only 42")
	$(FRONTDESK) simulate $(ARGS)

eval-intents: ## accuracy and out-of-scope figures of the intent model
	$(FRONTDESK) eval-intents $(ARGS)

eval-intents-public: ## train and test the recipe on the public sets in EVAL_DATA (hours: ARGS="banking77_10 --seeds 1" for less)
	$(FRONTDESK) eval-intents-public $(ARGS)

eval-intents-robust: ## accuracy lost to typos, missing spaces, shouting, emoji, signatures
	$(FRONTDESK) eval-intents-robust $(ARGS)

bench-intent: ## the intent service under load beside a naive one (ARGS="--soak 600" for a soak)
	$(FRONTDESK) bench-intent $(ARGS)

bench-turn: ## turns of the running assistant beside a stock Rasa with one trivial action
	$(FRONTDESK) bench-turn $(ARGS)

eval-policies: ## what other dialogue policies would add: all conversations with each (ARGS=ted for one of them)
	$(FRONTDESK) eval-policies $(ARGS)

bench-desk: ## what the gateway costs over Rasa, 2,000 open streams, fan-out, messages taken a second
	$(FRONTDESK) bench-desk $(ARGS)

bench-reviews: ## the console's transcript lists over 100,000 conversations (ARGS="--postgresql URL" for PostgreSQL, too)
	$(FRONTDESK) bench-reviews $(ARGS)

bench-console: ## 50 open consoles: from a customer's message to all lists, CPU and SQL a message (ARGS="--consoles 100")
	$(FRONTDESK) bench-console $(ARGS)

chaos: ## 200 conversations while processes and the data base are killed or stalled (ARGS="--conversations 40 --seed 2")
	$(FRONTDESK) chaos $(ARGS)

eval-retrieval: ## how well the knowledge index finds answers
	$(FRONTDESK) eval-retrieval $(ARGS)

bench-retrieval: ## how fast both engines of the index answer (ARGS=--small for a short look)
	$(FRONTDESK) bench-retrieval $(ARGS)

eval-answers: ## 150 questions through the whole ladder without a language model
	$(FRONTDESK) eval-answers $(ARGS)

eval-escalation: ## when and why a person takes over, on 200 labelled conversations
	$(FRONTDESK) eval-escalation $(ARGS)

eval-follow-ups: ## the sentence that answers a short follow-up to an entry (ARGS="--fit -v" fits its weights anew)
	$(FRONTDESK) eval-follow-ups $(ARGS)

eval-grounding: ## what the quality check of generated answers stops (ARGS="--fit -v" fits its weights anew)
	$(FRONTDESK) eval-grounding $(ARGS)

eval-guards: ## prompt injections seen, personal data masked, and what is stopped or masked without need
	$(FRONTDESK) eval-guards $(ARGS)

test: ## all checks: lints, types, unit tests, the whole system with its conversations
	$(FRONTDESK) test

lint: ## format, lints, types, import rules, Dockerfiles, Rasa data
	$(FRONTDESK) lint

widget: ## build the website's chat into web/widget/dist (needs Node 20 or newer)
	@cd web/widget && npm ci --ignore-scripts --silent && npm run --silent build

console: ## build the staff console into web/console/dist (needs Node 20 or newer)
	@cd web/console && npm ci --ignore-scripts --silent && npm run --silent build

lock: ## pin requirements/*.in anew (ARGS=--upgrade for newer versions)
	$(FRONTDESK) lock $(ARGS)

command: ## one command of Frontdesk with the settings and secrets of `make run` (ARGS="desk account list")
	$(FRONTDESK) command $(ARGS)

docs: ## write .env.example and docs/settings.md from the settings classes
	$(FRONTDESK) docs

pictures: ## take the pictures of README.md and docs anew, in Chromium from a throw-away system (two minutes)
	$(FRONTDESK) pictures

clean: ## remove environments, models and run-time data
	$(FRONTDESK) clean
