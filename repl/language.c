#include "repl/language.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

static const Catalogue *find(const char *name)
{
    for (const Catalogue *catalogue = catalogues; catalogue->language; catalogue++)
        if (strcmp(catalogue->language, name) == 0) return catalogue;
    return NULL;
}

static bool is_english(const char *name) { return strcmp(name, "en") == 0; }

bool language_exists(const char *name) { return is_english(name) || find(name); }

bool language_use(const char *name)
{
    if (!language_exists(name)) return false;
    i18n_use(find(name));
    return true;
}

/* "zh_CN.UTF-8" asks for "zh": a language ends where a territory, a charset or a variant begins. */
static bool asks_for(const char *value, const char *language)
{
    size_t length = strlen(language);
    return strncmp(value, language, length) == 0 && (!value[length] || strchr("_-.@:", value[length]));
}

static const char *language_asked(const char *value)
{
    for (const Catalogue *catalogue = catalogues; catalogue->language; catalogue++)
        if (asks_for(value, catalogue->language)) return catalogue->language;
    return asks_for(value, "en") ? "en" : NULL;
}

/* The first language of a list "de:zh_CN:en" that there is. */
static const char *first_of_list(const char *list)
{
    const char *language = NULL;
    for (; !language && *list; list += strcspn(list, ":"), list += *list == ':')
        language = language_asked(list);
    return language;
}

const char *language_of_surroundings(void)
{
    static const char *const variables[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < COUNT_OF(variables); i++) {
        const char *value = getenv(variables[i]);
        const char *language = value && *value ? first_of_list(value) : NULL;
        bool decides = value && *value && i > 0; /* $LANGUAGE is only a wish */
        if (language || decides) return language ? language : "en";
    }
    return "en";
}

/* --- verbs --- */

static const struct {
    const char *verb, *chinese;
} verbs[] = {
    {"prob", "概率"},     {"chain", "链式"},     {"next", "下一个"}, {"compare", "比较"},
    {"rank", "排名"},     {"enumerate", "列举"}, {"bits", "比特"},   {"why", "为什么"},
    {"sample", "采样"},   {"complete", "续写"},  {"train", "训练"},  {"eval", "评估"},
    {"corpus", "语料库"}, {"vocab", "词表"},     {"counts", "计数"}, {"weights", "权重"},
    {"embed", "嵌入"},    {"attn", "注意力"},    {"models", "模型"}, {"use", "使用"},
    {"save", "保存"},     {"load", "读入"},      {"lesson", "课程"}, {"go", "继续"},
    {"back", "返回"},     {"hint", "提示"},      {"solve", "解答"},  {"leave", "离开"},
    {"help", "帮助"},     {"search", "查找"},    {"set", "设置"},    {"undo", "撤销"},
    {"redo", "恢复"},     {"history", "历史"},   {"lang", "语言"},   {"quit", "退出"},
    {"poison", "投毒"},   {"filter", "过滤"},    {"swap", "互换"},   {"gap", "差距"},
    {"skip", "跳过"},     {"resume", "接着"},    {"notes", "笔记"},  {"make", "制造"},
    {"dup", "重复"},
};

const char *language_verb(const char *spoken)
{
    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        if (strcmp(verbs[i].chinese, spoken) == 0) return verbs[i].verb;
    return NULL;
}

const char *language_spoken(const char *verb)
{
    bool chinese = strcmp(i18n_language(), "zh") == 0;
    for (size_t i = 0; chinese && i < COUNT_OF(verbs); i++)
        if (strcmp(verbs[i].verb, verb) == 0) return verbs[i].chinese;
    return NULL;
}
