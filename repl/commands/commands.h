/* commands.h - the rows of the command table, one file each.
 *
 * The headers beside it hold no rows: they are what several commands share. */
#ifndef REPL_COMMANDS_COMMANDS_H
#define REPL_COMMANDS_COMMANDS_H

#include "repl/command.h"

extern const Command prob_command, chain_command, next_command, compare_command, rank_command,
    enumerate_command, tree_command, bits_command, why_command;
extern const Command sample_command, complete_command;
extern const Command train_command, eval_command, sweep_command, corpus_command, vocab_command,
    tokens_command;
extern const Command counts_command, cost_command, weights_command, embed_command, attn_command,
    state_command, lens_command, trace_command, grad_command, plot_command, step_command;
extern const Command access_command, compress_command, shannon_command;
extern const Command models_command, use_command, model_command, save_command, load_command, drop_command;
extern const Command make_command, poison_command, dup_command, swap_command, scale_command, gap_command,
    filter_command, novelty_command, abstain_command, extract_command, decode_command, tv_command,
    mix_command, xent_command;
extern const Command lesson_command, go_command, back_command, hint_command, solve_command, skip_command,
    leave_command, resume_command, reset_command, notes_command;
extern const Command help_command, search_command, set_command, undo_command, redo_command, again_command,
    history_command, run_command, check_command, time_command, lang_command, quit_command;

#endif
