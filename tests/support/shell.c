#include "tests/support/shell.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- sessions --- */

Shell *shell_new_with(SessionOptions options)
{
    Shell *shell = calloc(1, sizeof *shell);
    CHECK(shell);
    shell->out = open_memstream(&shell->out_text, &shell->out_length);
    shell->err = open_memstream(&shell->err_text, &shell->err_length);
    CHECK(shell->out && shell->err);
    options.out = shell->out;
    options.err = shell->err;
    shell->session = session_new(&options);
    return shell;
}

Shell *shell_new(const char *format)
{
    return shell_new_with((SessionOptions){.width = 80, .seed = 1, .format = format});
}

void shell_free(Shell *shell)
{
    session_free(shell->session);
    fclose(shell->out);
    fclose(shell->err);
    free(shell->out_text);
    free(shell->err_text);
    json_decref(shell->json);
    free(shell);
}

void shell_take(Shell *shell)
{
    fflush(shell->out);
    fflush(shell->err);
    shell->out_taken = shell->out_length;
    shell->err_taken = shell->err_length;
}

bool shell_do_as(Shell *shell, const char *text, const char *source)
{
    shell_take(shell);
    return session_do(shell->session, text, source, 1);
}

bool shell_do(Shell *shell, const char *text) { return shell_do_as(shell, text, NULL); }

const char *shell_out(Shell *shell)
{
    fflush(shell->out);
    return shell->out_text + shell->out_taken;
}

const char *shell_err(Shell *shell)
{
    fflush(shell->err);
    return shell->err_text + shell->err_taken;
}

void shell_must(Shell *shell, const char *text)
{
    bool ok = shell_do(shell, text);
    CHECK_FOR(ok, "%s: %s", text, shell_err(shell));
}

json_t *shell_json(Shell *shell, const char *text)
{
    shell_must(shell, text);
    size_t count = lines_in(shell_out(shell));
    CHECK_FOR(count > 0, "%s printed nothing", text);
    json_decref(shell->json);
    shell->json = json_line(shell_out(shell), count - 1);
    return shell->json;
}

double shell_number(Shell *shell, const char *text, const char *path)
{
    return json_number(shell_json(shell, text), path);
}

char *shell_state(Shell *shell)
{
    char *state;
    size_t length;
    FILE *out = open_memstream(&state, &length);
    shell_must(shell, "models as=json; corpus as=json");
    fputs(shell_out(shell), out);
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        const char *value = session_workspace(shell->session)->settings[id];
        if (value) fprintf(out, "%s=%s\n", option_table[id].key, value);
    }
    fclose(out);
    return state;
}

/* --- JSON --- */

static json_t *json_step(json_t *json, const char *key)
{
    if (!json_is_array(json)) return json_object_get(json, key);
    size_t size = json_array_size(json);
    return json_array_get(json, strcmp(key, "-1") == 0 ? size - 1 : (size_t)atol(key));
}

json_t *json_path(json_t *json, const char *path)
{
    char keys[128], *rest = keys;
    json_t *at = json;
    snprintf(keys, sizeof keys, "%s", path);
    for (char *key; at && (key = strsep(&rest, "."));) at = json_step(at, key);
    if (at) return at;
    char *text = json_dumps(json, JSON_COMPACT);
    CHECK_FOR(false, "there is no %s in %s", path, text);
    return NULL;
}

double json_number(json_t *json, const char *path)
{
    json_t *value = json_path(json, path);
    CHECK_FOR(json_is_number(value), "%s is not a number", path);
    return json_number_value(value);
}

const char *json_words(json_t *json, const char *path, char *out, size_t size)
{
    json_t *list = json_path(json, path), *item;
    size_t index, used = 0;
    out[0] = '\0';
    json_array_foreach(list, index, item) used +=
        (size_t)snprintf(out + used, size - used, "%s%s", index ? " " : "", json_string_value(item));
    return out;
}

size_t lines_in(const char *text)
{
    size_t count = 0;
    for (; *text; text++) count += *text == '\n';
    return count;
}

json_t *json_line(const char *text, size_t index)
{
    json_error_t error;
    for (; index > 0 && *text; index--) text += strcspn(text, "\n") + 1;
    if (!*text) return NULL;
    json_t *json = json_loadb(text, strcspn(text, "\n"), JSON_REJECT_DUPLICATES, &error);
    CHECK_FOR(json_is_object(json), "not a JSON object: %s: %s", error.text, text);
    return json;
}

/* --- files --- */

void folder_make(char folder[FOLDER_SIZE])
{
    snprintf(folder, FOLDER_SIZE, "/tmp/lmsh-test-XXXXXX");
    CHECK(mkdtemp(folder));
}

void folder_remove(const char *folder)
{
    char path[4096];
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (unlink(path) != 0) folder_remove(path);
    }
    if (entries) closedir(entries);
    rmdir(folder);
}

const char *path_in(const char *folder, const char *name)
{
    static char paths[16][256];
    static size_t next;
    char *path = paths[next++ % 16];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

void file_put_bytes(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    CHECK_FOR(file, "cannot write %s", path);
    CHECK(fwrite(bytes, 1, length, file) == length);
    CHECK(fclose(file) == 0);
}

void file_put(const char *path, const char *text) { file_put_bytes(path, text, strlen(text)); }

char *file_get(const char *path)
{
    char *text = NULL;
    size_t length;
    FILE *file = fopen(path, "rb"), *copy = file ? open_memstream(&text, &length) : NULL;
    if (!file) return NULL;
    for (int c; (c = fgetc(file)) != EOF;) fputc(c, copy);
    fclose(copy);
    fclose(file);
    return text;
}
