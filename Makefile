# make            build build/lmsh, optimised      make run        build and start it
# make test       build and run every test         make check      layers, tests, tests under sanitizers
# make deps       install what building and testing need       make deps-dev   ... what lint and coverage need
# make bench      speed and memory (SECTIONS=...)  make lint       clang-tidy and clang-format
# make coverage   which lines the tests reach      make layers     who may include whom
# make po         sentences into po/*.po
# make install    below $(DESTDIR)$(PREFIX)        make uninstall  make clean  make help
#
# BUILD=debug|asan|coverage builds below build/BUILD/ instead; V=1 shows whole command lines.
PREFIX ?= /usr/local
CC     ?= cc
BUILD  ?= release

name    := lmsh
version := 0.1
compiler := $(if $(filter-out cc gcc,$(notdir $(CC))),-$(notdir $(CC)))
out     := build/$(BUILD)$(compiler)
program := $(if $(filter release,$(BUILD)$(compiler)),build,$(out))/$(name)
tests   := $(out)/run-tests
doubled := $(out)/run-tests-double
bench   := $(out)/run-bench

# --- flags -----------------------------------------------------------------------------------------------
warnings := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wwrite-strings -Wcast-qual -Wformat=2
flavour_release  := -O2 -g
flavour_debug    := -O0 -g3
flavour_asan     := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all
flavour_coverage := -O0 -g --coverage
flavour := $(or $(flavour_$(BUILD)),$(error BUILD=$(BUILD) is not one of release, debug, asan, coverage))

# $(call library,PKG-CONFIG NAME,DEBIAN PACKAGE,FLAG) asks pkg-config, or stops with a message that says what
# to do. Nothing is asked before a recipe needs it, so `make deps` works on a bare machine.
library = $(if $(shell command -v pkg-config),,$(error pkg-config is missing: run "make deps"))$(strip \
          $(if $(shell pkg-config --exists $1 && echo yes),$(shell pkg-config $3 $1),$(strip \
          $(error the $1 library is missing: run "make deps", or install $2))))
cflags = $(eval cflags := $(call library,readline,libreadline-dev,--cflags) \
           $(call library,jansson,libjansson-dev,--cflags) $(call library,libcmark,libcmark-dev,--cflags) \
           $(call library,zlib,zlib1g-dev,--cflags) \
           $(call library,openblas,libopenblas-dev,--cflags))$(cflags)
libs   = $(eval libs := $(call library,readline,libreadline-dev,--libs) \
           $(call library,jansson,libjansson-dev,--libs) $(call library,libcmark,libcmark-dev,--libs) \
           $(call library,zlib,zlib1g-dev,--libs) \
           $(call library,openblas,libopenblas-dev,--libs) -lunistring -lm)$(libs)
criterion_cflags = $(eval criterion_cflags := $(call library,criterion,libcriterion-dev,--cflags))$(criterion_cflags)
criterion_libs   = $(eval criterion_libs   := $(call library,criterion,libcriterion-dev,--libs))$(criterion_libs)

quiet   := $(if $(filter 1,$(V)),,@)
say      = $(if $(quiet),@echo "  $1")
# No contraction into fused multiply-add: every machine rounds alike.
compile = $(CC) -std=c11 -D_DEFAULT_SOURCE -I. -ffp-contract=off $(cflags) $(warnings) $(flavour) -MMD -MP $(CPPFLAGS) $(CFLAGS)
link    = $(CC) $(flavour) $(LDFLAGS)

# --- files -----------------------------------------------------------------------------------------------
checked_c := core/neural/gradient_check.c
library_c := $(filter-out $(checked_c),$(wildcard core/*/*.c core/*/*/*.c lessons/*.c)) \
             $(filter-out repl/main.c,$(wildcard repl/*.c repl/*/*.c))
tests_c   := $(wildcard tests/*/test_*.c tests/support/*.c)
neural_c  := $(wildcard core/neural/*.c core/neural/ops/*.c)
engine_t  := $(wildcard tests/neural/*.c tests/support/engine.c tests/support/likeness.c)
bench_c   := $(wildcard tests/bench/*.c)
catalogues := $(sort $(wildcard po/*.po))
embedded  := $(sort $(wildcard lessons/*/*.md lessons/*/*.txt lessons/*/*.tsv))
objects    = $(1:%.c=$(out)/%.o)
doubles    = $(1:%.c=$(out)/double/%.o)
library_o := $(call objects,$(library_c)) $(out)/embedded_files.o $(out)/catalogues.o \
             $(out)/neural_double.o

# --- build -----------------------------------------------------------------------------------------------
.PHONY: all run test check layers clean deps deps-dev help install uninstall format lint coverage bench po
all: $(program)

$(program): $(call objects,repl/main.c) $(library_o)
	$(call say,link $@)
	$(quiet)$(link) -o $@ $^ $(libs)

$(tests): $(call objects,$(tests_c)) $(library_o)
	$(call say,link $@)
	$(quiet)$(link) -o $@ $^ $(criterion_libs) $(libs)

# The engine and its tests once more in double: gradients are checked there to many digits.
$(doubled): $(call doubles,$(neural_c) $(engine_t)) $(call objects,$(filter-out $(neural_c),$(filter core/%,$(library_c))))
	$(call say,link $@)
	$(quiet)$(link) -o $@ $^ $(criterion_libs) $(libs)

# The engine in double as one object of which the program sees one function: gradient_check.
$(out)/neural_double.o: $(call doubles,$(neural_c))
	$(call say,link $@)
	$(quiet)ld -r -o $@.all $^
	$(quiet)objcopy --keep-global-symbol=gradient_check $@.all $@
	@rm -f $@.all

$(bench): $(call objects,$(bench_c)) $(library_o)
	$(call say,link $@)
	$(quiet)$(link) -o $@ $^ $(libs)

# The compiler turns loops over arrays into vector instructions only from -O3 on.
$(call objects,$(wildcard core/neural/*.c core/neural/ops/*.c)): flavour := $(flavour:-O2=-O3) -fno-trapping-math -fno-math-errno

$(out)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(quiet)$(compile) -c -o $@ $<

$(out)/double/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,cc $< in double)
	$(quiet)$(compile) -DREAL_DOUBLE -c -o $@ $<

$(call objects,repl/arguments.c repl/main.c): CPPFLAGS += -DVERSION='"$(version)"'
# Criterion's macros trip these at every assertion.
$(call objects,$(tests_c)) $(call doubles,$(engine_t)): compile += $(criterion_cflags) -Wno-conversion -Wno-cast-qual \
                                       -DPROGRAM='(char *)"$(abspath $(program))"'
$(call objects,$(bench_c)): compile += -DPROGRAM='"$(abspath $(program))"'

# Lessons and corpora as C strings: one line of text, one string literal.
$(out)/embedded_files.c: $(embedded) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "lessons/embedded.h"'; \
	   echo 'const EmbeddedFile embedded_files[] = {'; \
	   for file in $(embedded); do \
	     echo "{ \"$${file#lessons/}\","; \
	     sed 's/[\\"]/\\&/g; s/?/\\?/g; s/	/\\t/g; s/.*/"&\\n"/' $$file; \
	     echo '},'; \
	   done; \
	   echo '{ 0, 0 } };'; } > $@

$(out)/embedded_files.o: $(out)/embedded_files.c
	$(call say,cc lessons and corpora)
	$(quiet)$(compile) -Wno-overlength-strings -c -o $@ $<

# Translations as bytes: po/zh_CN.po is catalogue "zh". msgfmt insists that every one keeps its %s and its \n.
$(out)/%.mo: po/%.po Makefile
	@mkdir -p $(@D)
	$(if $(shell command -v msgfmt),,$(error msgfmt is missing: run "make deps", or install gettext))
	$(call say,msgfmt $<)
	$(quiet)msgfmt --check -o $@ $<

$(out)/catalogues.c: $(catalogues:po/%.po=$(out)/%.mo)
	@{ echo '#include "repl/language.h"'; \
	   for mo in $^; do \
	     file=$${mo##*/}; language=$${file%%[_.]*}; \
	     echo "static const unsigned char $$language[] = {"; \
	     od -An -v -tx1 $$mo | sed 's/ \(..\)/0x\1,/g'; \
	     echo '};'; \
	     entries="$$entries { \"$$language\", $$language, sizeof $$language },"; \
	   done; \
	   echo "const Catalogue catalogues[] = {$$entries { 0, 0, 0 } };"; } > $@

$(out)/catalogues.o: $(out)/catalogues.c
	$(call say,cc translations)
	$(quiet)$(compile) -c -o $@ $<

# The sentences of the program into the catalogues: new ones are to be translated, old ones kept. "33.3% are"
# is prose, though xgettext takes its "% a" for a conversion.
po:
	@mkdir -p build
	$(call say,xgettext)
	$(quiet)xgettext --language=C --from-code=UTF-8 --keyword=_ --keyword=N_ --add-comments=translate --no-wrap --sort-by-file \
	  --add-location=file --package-name=$(name) --package-version=$(version) -o build/$(name).pot \
	  $(sort $(library_c) repl/main.c)
	@sed -i -z 's/#, c-format\nmsgid "\([^\n]*[0-9]% [a-z]\)/msgid "\1/g' build/$(name).pot
	@for file in $(catalogues); do \
	  msgmerge --quiet --update --backup=none --no-fuzzy-matching --sort-by-file --add-location=file $$file build/$(name).pot; \
	  msgattrib --no-obsolete -o $$file $$file; \
	  msgfmt --statistics -o /dev/null $$file; \
	done

-include $(patsubst %.o,%.d,$(call objects,repl/main.c $(library_c) $(tests_c) $(bench_c)) \
                            $(call doubles,$(neural_c) $(engine_t)))

run: $(program)
	@$(program)

# --- tests -----------------------------------------------------------------------------------------------
# Criterion reports a test as passed before LeakSanitizer looks, so leaks go to files and fail here.
test: $(program) $(tests) $(doubled)
	@rm -rf $(out)/sanitizer; mkdir -p $(out)/sanitizer
	ASAN_OPTIONS=log_path=$(abspath $(out))/sanitizer/report:detect_stack_use_after_return=0 \
	  sh -c 'timeout 500 $(doubled) $(TESTFLAGS) && timeout 500 $(tests) $(TESTFLAGS)'
	@! cat $(out)/sanitizer/* 2>/dev/null | grep .

check: layers
	$(MAKE) test
	$(MAKE) test BUILD=asan

coverage:
	$(MAKE) test BUILD=coverage
	gcovr --root . --filter core/ --filter lessons/ --filter repl/ build/coverage

bench: $(program) $(bench)
	$(bench) $(SECTIONS)

# Which folder may include which: core <- lessons <- repl <- tests, and inside core base <- text <- model <-
# ngram, neural. Readline stays in one file, zlib in one, JSON where there is some, and only repl/ prints (core's one message: out of
# memory). The language of the process is the one thing core remembers.
layers:
	@! grep -rnE '#include "(lessons|repl|tests)/' core
	@! grep -rnE '#include "(repl|tests)/' lessons
	@! grep -rnE '#include "tests/' repl
	@! grep -rnE '#include "core/(text|model|ngram)/' core/base
	@! grep -rnE '#include "core/(model|ngram)/' core/text
	@! grep -rnE '#include "core/(ngram|neural)/' core/model
	@! grep -rnE '#include "core/neural/' core/ngram
	@! grep -rnE '#include "core/ngram/' core/neural
	@! grep -rnE '#include "core/model/' core/neural/ops
	@! grep -rnE '#include "repl/(session\.h"|execution\.h"|course/)|#include "repl/commands/' repl/view
	@! grep -rlE '#include <readline/' core lessons repl | grep -v '^repl/line_input.c$$'
	@! grep -rlE '#include <cblas' core lessons repl | grep -v '^core/neural/matmul.c$$'
	@! grep -rlE '#include <zlib' core lessons repl | grep -v '^core/base/gzip.c$$'
	@! grep -rlE '#include <jansson' core lessons repl | grep -vE '^(repl/(view/json|output)|core/neural/(safetensors|safetensors_writer|stored_vocab))\.c$$'
	@! grep -rnE '\b(printf|puts|putchar)\(|\bstdout\b' core lessons --include='*.c'
	@! grep -rnE '^static [a-zA-Z_ ]+(\([^)]*\) )?\**[a-z_]+( = [^{;]*)?;' core lessons --include='*.c' | grep -vE '(static|\*) ?const|^core/base/i18n.c:'
	@echo layers ok

# --- housekeeping ----------------------------------------------------------------------------------------
install: $(program)
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(program) $(DESTDIR)$(PREFIX)/bin/$(name)
	install -d $(DESTDIR)$(PREFIX)/share/man/man7
	install -m 644 man/lmsh-lessons.7 $(DESTDIR)$(PREFIX)/share/man/man7/lmsh-lessons.7
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/$(name) $(DESTDIR)$(PREFIX)/share/man/man7/lmsh-lessons.7

packages     := gcc libc6-dev make pkg-config libreadline-dev libcriterion-dev libjansson-dev libunistring-dev \
                libcmark-dev zlib1g-dev libopenblas-dev gettext
packages_dev := clang clang-tidy clang-format libclang-rt-14-dev gcovr universal-ctags
install_packages = @if command -v apt-get >/dev/null; then set -x; \
	  $$( [ "$$(id -u)" = 0 ] || echo sudo ) sh -c 'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $1'; \
	else echo "No apt-get here. Please install the equivalents of: $1"; fi
deps:
	$(call install_packages,$(packages))
deps-dev:
	$(call install_packages,$(packages_dev))

# For editors and clang-tidy.
compile_commands.json: Makefile
	$(file >$@,[)
	$(foreach c,repl/main.c $(library_c) $(tests_c) $(bench_c),$(file >>$@,\
	  {"directory":"$(CURDIR)","file":"$c","command":"$(subst ",\",$(compile)) -DPROGRAM='\"\"' -DVERSION='\"\"' -c $c"},))
	@sed -i '$$ s/,$$/]/' $@

sources = $(shell find core lessons repl tests -name '*.[ch]')
format:
	clang-format -i $(sources)
lint: compile_commands.json
	@clang-format --dry-run -Werror $(sources)
	@echo $(library_c) repl/main.c | xargs -n 8 -P 2 clang-tidy --quiet 2>&1 | { ! grep -E 'warning:|error:' -A3; }
	@echo lint ok
clean:
	rm -rf build compile_commands.json
help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -9
