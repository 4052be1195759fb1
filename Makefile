# Builds and tests the whole service. `make help` lists the targets.

VARIANT ?= release
BUILD   := build/$(VARIANT)
PORT    ?= 8080
VAR     ?= var
SETUP   ?= on
TEST    ?=
ifeq ($(filter release debug asan,$(VARIANT)),)
$(error VARIANT=$(VARIANT) does not exist: use release, debug or asan)
endif
# SETUP=off: no target installs packages.
setup := $(if $(filter off,$(SETUP)),@:,@scripts/setup)

CXX ?= g++
CXXFLAGS.release := -O2 -g -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS
CXXFLAGS.debug   := -Og -g -D_GLIBCXX_ASSERTIONS
CXXFLAGS.asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined \
                    -Wno-maybe-uninitialized # g++ warns falsely about <regex> there
LDFLAGS.asan     := -fsanitize=address,undefined
CXXFLAGS += -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Werror \
            -Wno-missing-field-initializers -fstack-protector-strong -fPIE $(CXXFLAGS.$(VARIANT))
# A file is included by the path below its layer: "users/user.h", "store/users.h", "config.h".
INCLUDES := -Isrc/foundation -Isrc/domain -Isrc/adapters -Isrc/processes -Isrc -I.
CPPFLAGS += -MMD -MP $(INCLUDES) -Itests
LDFLAGS  += -pie -Wl,-z,relro,-z,now $(LDFLAGS.$(VARIANT))
TEST_CPPFLAGS := -DBOOST_TEST_DYN_LINK
LDLIBS   := -lfcgi -lcgicc -lmysqlcppconn -lssl -lcrypto -lsodium -lutf8proc -lidn2 -lcrypt -lgd -ljpeg -lpng -lwebp

MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
.DELETE_ON_ERROR:
.SUFFIXES:

rwildcard = $(foreach d,$(wildcard $(1:=/*)),$(call rwildcard,$d,$2) $(filter $(subst *,%,$2),$d))
objects   = $(patsubst %.cpp,$(BUILD)/%.o,$(1))

MAINS      := src/processes/main.cpp src/ctl/main.cpp src/ctl/describe.cpp
SOURCES    := $(sort $(call rwildcard,src handlers,*.cpp))
LIB_SRCS   := $(filter-out $(MAINS),$(SOURCES))
UNIT_SRCS  := $(sort $(call rwildcard,tests/unit,*.cpp))
STORE_SRCS := $(sort $(call rwildcard,tests/store,*.cpp))
BENCH_SRCS := $(sort $(wildcard tests/bench/*.cpp))
TEST_SRCS  := $(UNIT_SRCS) $(STORE_SRCS) $(BENCH_SRCS)
MIGRATIONS := $(sort $(wildcard sql/migrations/*.sql))
WORD_LISTS := src/domain/users/common_passwords.txt src/domain/users/reserved_names.txt src/foundation/crypto/known_secrets.txt
GENERATED  := $(BUILD)/generated/migrations.o $(BUILD)/generated/words.o
LIB        := $(BUILD)/libcsauth.a

.PHONY: help all run stop test unit store integration test-clients bench bench-presence check format documents layers hooks setup clean FORCE
help: ## list the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1 \2/p' Makefile | while read -r name text; do printf '  make %-14s  %s\n' "$$name" "$$text"; done
	@echo
	@echo '  VARIANT=release  optimised; the default. Each variant has a directory of its own below build/.'
	@echo '  VARIANT=debug    for a debugger'
	@echo '  VARIANT=asan     reports memory errors and undefined behaviour'
	@echo '  SETUP=off        install no packages'

all: $(BUILD)/csauthd $(BUILD)/csauthctl $(addprefix $(BUILD)/nginx/,maps.conf csauth_limits.conf) $(BUILD)/web compile_commands.json ## build everything that is installed
	@:

run: ## build, then run the service on http://localhost:8080 (PORT= and VAR= choose the port and the data directory)
	$(setup) run
	@$(MAKE) --no-print-directory all
	@exec scripts/run --build $(BUILD) --var '$(VAR)' --port '$(PORT)' --sample

stop: ## stop the service that `make run` started (with the same VAR=)
	@scripts/stop --var '$(VAR)'

test: ## build, then run every test
	$(setup) test
	@$(MAKE) --no-print-directory all $(BUILD)/unit_tests $(BUILD)/store_tests
	@tests/run.sh $(BUILD)

unit: ## run the unit tests (TEST=suite/case chooses some); needs no database
	$(setup) test
	@$(MAKE) --no-print-directory $(BUILD)/unit_tests
	@tests/run.sh --only unit $(BUILD) '$(TEST)'

store: ## run the store tests against a private database (TEST=suite/case chooses some)
	$(setup) test
	@$(MAKE) --no-print-directory $(BUILD)/store_tests
	@tests/run.sh --only store $(BUILD) '$(TEST)'

integration: ## run the shell tests (TEST=login chooses those with that text in their path)
	$(setup) test
	@$(MAKE) --no-print-directory all
	@tests/run.sh --only scripts $(BUILD) '$(TEST)'

test-clients: ## generate clients from the OpenAPI document, and run their tests; needs Node.js 20.19 or later
	$(setup) test clients
	@$(MAKE) --no-print-directory all
	@tests/clients/run.sh $(BUILD)

bench: ## measure; each figure is a ratio to something measured in the same run
	$(setup) test
	@$(MAKE) --no-print-directory all $(BUILD)/http_load $(BUILD)/floors
	@tests/bench/run.sh $(BUILD)
	@tests/bench/speed.sh $(BUILD)

bench-presence: ## measure 5,000 live streams: memory, deliveries, heartbeats, a streamer that is killed
	$(setup) test
	@$(MAKE) --no-print-directory all $(BUILD)/presence_load
	@tests/bench/presence.sh $(BUILD)

check: ## check formatting, clang-tidy, shellcheck, layers, names of tests and generated documents
	$(setup) check
	@$(MAKE) --no-print-directory $(BUILD)/describe
	@scripts/check $(BUILD)

format: ## format every C++ file
	$(setup) check
	git ls-files -z '*.cpp' '*.h' | xargs -0 clang-format -i

documents: ## write the documents, and the parts of documents, that come from the code
	$(setup) build
	@$(MAKE) --no-print-directory $(BUILD)/describe
	@scripts/write_documents $(BUILD)

layers: ## check which folder includes which
	@scripts/check_layers.sh

hooks: ## have git check staged files before each commit
	@scripts/install_hooks

setup: ## install every package that any target needs
	@scripts/setup run test check

clean: ## remove everything that was built
	rm -rf build compile_commands.json

link = @echo "  link $@" && $(CXX) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS)

$(BUILD)/csauthd: $(call objects,src/processes/main.cpp)
$(BUILD)/csauthctl: $(call objects,src/ctl/main.cpp)
$(BUILD)/describe: $(call objects,src/ctl/describe.cpp)
$(BUILD)/floors: $(call objects,tests/bench/floors.cpp)
$(BUILD)/unit_tests: $(call objects,$(UNIT_SRCS)) $(BUILD)/lists/unit
$(BUILD)/store_tests: $(call objects,$(STORE_SRCS)) $(BUILD)/lists/store
$(BUILD)/unit_tests $(BUILD)/store_tests: private LDLIBS += -lboost_unit_test_framework
$(addprefix $(BUILD)/,csauthd csauthctl describe floors unit_tests store_tests): $(LIB)
	$(link)
$(BUILD)/presence_load $(BUILD)/http_load: private LDLIBS := -lpthread
$(BUILD)/presence_load: $(call objects,tests/bench/presence_load.cpp)
	$(link)
$(BUILD)/http_load: $(call objects,tests/bench/http_load.cpp)
	$(link)
$(LIB): $(call objects,$(LIB_SRCS)) $(GENERATED) $(BUILD)/lists/lib
	@rm -f $@
	@$(AR) rcs $@ $(filter %.o,$^)

$(BUILD)/%.o: %.cpp $(BUILD)/lists/flags
	@mkdir -p $(@D)
	@echo "  compile $<"
	@$(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<
$(BUILD)/generated/%.o: $(BUILD)/generated/%.cpp $(BUILD)/lists/flags
	@echo "  compile $<"
	@$(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<
$(BUILD)/tests/%.o: private CPPFLAGS += $(TEST_CPPFLAGS)

# Lists of what a build depends on beside its sources: the flags, and the names of the sources of each program. A list
# is written only if it differs from its file, so that an unchanged list rebuilds no file.
list.flags := $(strip $(CXX) $(CPPFLAGS) $(TEST_CPPFLAGS) $(CXXFLAGS) $(LDFLAGS) $(LDLIBS))
list.lib   := $(LIB_SRCS)
list.unit  := $(UNIT_SRCS)
list.store := $(STORE_SRCS)
list.all   := $(SOURCES) $(TEST_SRCS)
define list_rule
ifneq ($$(file <$(BUILD)/lists/$(1)),$$(list.$(1)))
$(BUILD)/lists/$(1): FORCE
endif
endef
$(foreach name,flags lib unit store all,$(eval $(call list_rule,$(name))))
$(BUILD)/lists/%:
	@mkdir -p $(@D)
	@echo '$(list.$*)' >$@

# Tells clangd and clang-tidy how each file is compiled.
compile_commands.json: scripts/list_compile_commands $(BUILD)/lists/flags $(BUILD)/lists/all
	@scripts/list_compile_commands '$(CXX) $(INCLUDES) -Itests $(TEST_CPPFLAGS) $(CXXFLAGS)' $(list.all) >$@

$(BUILD)/generated/migrations.cpp: scripts/embed_migrations $(MIGRATIONS)
	@mkdir -p $(@D)
	scripts/embed_migrations $(MIGRATIONS) > $@
$(BUILD)/generated/words.cpp: scripts/embed_words $(WORD_LISTS)
	@mkdir -p $(@D)
	scripts/embed_words $(WORD_LISTS) > $@
$(BUILD)/nginx/maps.conf: $(BUILD)/describe
	@mkdir -p $(@D)
	$< nginx-maps > $@
$(BUILD)/nginx/csauth_limits.conf: $(BUILD)/describe
	@mkdir -p $(@D)
	$< nginx-limits > $@
$(BUILD)/web: $(BUILD)/describe scripts/build_web scripts/build_openapi handlers/openapi.yaml $(call rwildcard,web,*)
	scripts/build_web $(BUILD)

-include $(patsubst %.o,%.d,$(call objects,$(SOURCES) $(TEST_SRCS)) $(GENERATED))
