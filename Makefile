# The whole build. `make help` lists what can be asked for.

VARIANT ?= release
BUILD   := build/$(VARIANT)
PORT    ?= 8080
VAR     ?= var

CXX ?= g++
CXXFLAGS.release := -O2 -g -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS
CXXFLAGS.debug   := -Og -g -D_GLIBCXX_ASSERTIONS
CXXFLAGS.asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined \
                    -Wno-maybe-uninitialized # g++ sees ghosts in <regex> there
LDFLAGS.asan     := -fsanitize=address,undefined
CXXFLAGS += -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Werror \
            -Wno-missing-field-initializers -fstack-protector-strong -fPIE $(CXXFLAGS.$(VARIANT))
# A file is included by the path below its layer: "users/user.h", "store/users.h", "config.h".
INCLUDES := -Isrc/foundation -Isrc/domain -Isrc/adapters -Isrc/processes -Isrc -I.
CPPFLAGS += -MMD -MP $(INCLUDES) -Itests
LDFLAGS  += -pie -Wl,-z,relro,-z,now $(LDFLAGS.$(VARIANT))
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
MIGRATIONS := $(sort $(wildcard sql/migrations/*.sql))
WORD_LISTS := src/domain/users/common_passwords.txt src/domain/users/reserved_names.txt src/foundation/crypto/known_secrets.txt
GENERATED  := $(BUILD)/generated/migrations.o $(BUILD)/generated/words.o
LIB        := $(BUILD)/libcsauth.a

.PHONY: help all run stop test test-clients bench bench-presence check format layers clean setup
help: ## this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1 \2/p' Makefile | while read -r name text; do printf '  make %-8s %s\n' $$name "$$text"; done

all: $(BUILD)/csauthd $(BUILD)/csauthctl $(BUILD)/nginx/maps.conf $(BUILD)/web ## build everything that is installed
	@:

run: ## set up what is missing, build, and run all of it on http://localhost:$(PORT) (VAR= for its data)
	@scripts/setup run
	@$(MAKE) --no-print-directory all
	@exec scripts/run --build $(BUILD) --var '$(VAR)' --port '$(PORT)' --sample

stop: ## end what `make run` started (with the same VAR=)
	@scripts/stop --var '$(VAR)'

test: ## set up, build and pass every test (VARIANT=asan: under ASan and UBSan)
	@scripts/setup test
	@$(MAKE) --no-print-directory all $(BUILD)/unit_tests $(BUILD)/store_tests
	@tests/run.sh $(BUILD)

test-clients: ## generate clients from the OpenAPI document with tools of npm, and pass their tests; lint the document
	@scripts/setup test clients
	@$(MAKE) --no-print-directory all
	@tests/clients/run.sh $(BUILD)

bench: ## measure; figures are ratios to what is measured in the same run
	@scripts/setup test
	@$(MAKE) --no-print-directory all $(BUILD)/http_load $(BUILD)/floors
	@tests/bench/run.sh $(BUILD)
	@tests/bench/speed.sh $(BUILD)

bench-presence: ## measure 5,000 live streams: memory, deliveries, heartbeats, a streamer that is killed
	@scripts/setup test
	@$(MAKE) --no-print-directory all $(BUILD)/presence_load
	@tests/bench/presence.sh $(BUILD)

check: ## formatting, clang-tidy, shellcheck, layers, generated documents
	@scripts/setup check
	@$(MAKE) --no-print-directory $(BUILD)/describe
	@scripts/check $(BUILD)

format: ## let clang-format decide
	@scripts/setup check
	clang-format -i $(shell git ls-files '*.cpp' '*.h')

setup: ## install every package that any target needs
	@scripts/setup run test check

clean: ## remove what was built
	rm -rf build

$(BUILD)/csauthd: $(call objects,src/processes/main.cpp) $(LIB)
	@echo "  link $@"
	@$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/csauthctl: $(call objects,src/ctl/main.cpp) $(LIB)
	@echo "  link $@"
	@$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/describe: $(call objects,src/ctl/describe.cpp) $(LIB)
	@echo "  link $@"
	@$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/unit_tests: $(call objects,$(UNIT_SRCS)) $(LIB)
	@echo "  link $@"
	@$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lboost_unit_test_framework
$(BUILD)/store_tests: $(call objects,$(STORE_SRCS)) $(LIB)
	@echo "  link $@"
	@$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lboost_unit_test_framework
$(BUILD)/presence_load: $(call objects,tests/bench/presence_load.cpp)
	@echo "  link $@"
	@$(CXX) $(LDFLAGS) -o $@ $^ -lpthread
$(BUILD)/http_load: $(call objects,tests/bench/http_load.cpp)
	@echo "  link $@"
	@$(CXX) $(LDFLAGS) -o $@ $^
$(BUILD)/floors: $(call objects,tests/bench/floors.cpp) $(LIB)
	@echo "  link $@"
	@$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(LIB): $(call objects,$(LIB_SRCS)) $(GENERATED)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/%.o: %.cpp Makefile
	@mkdir -p $(@D)
	@echo "  compile $<"
	@$(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<
$(BUILD)/generated/%.o: $(BUILD)/generated/%.cpp Makefile
	@echo "  compile $<"
	@$(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<
$(BUILD)/tests/%.o: CPPFLAGS += -DBOOST_TEST_DYN_LINK

$(BUILD)/generated/migrations.cpp: scripts/embed_migrations $(MIGRATIONS)
	@mkdir -p $(@D)
	scripts/embed_migrations $(MIGRATIONS) > $@
$(BUILD)/generated/words.cpp: scripts/embed_words $(WORD_LISTS)
	@mkdir -p $(@D)
	scripts/embed_words $(WORD_LISTS) > $@
$(BUILD)/nginx/maps.conf: $(BUILD)/describe
	@mkdir -p $(@D)
	$< nginx-maps > $@
$(BUILD)/web: $(BUILD)/describe scripts/build_web scripts/build_openapi handlers/openapi.yaml $(call rwildcard,web,*)
	scripts/build_web $(BUILD)

-include $(patsubst %.o,%.d,$(call objects,$(SOURCES) $(UNIT_SRCS) $(STORE_SRCS)))
