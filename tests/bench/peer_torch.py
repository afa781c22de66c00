"""The same networks and batches in PyTorch, one thread, as fast as its usual modules are.

Each line of standard input is a workload; the answer is one line, of processor time:
  step KIND ...   -> milliseconds a training step     (mlp H OPTIMIZER | rnn gru lstm H T | gpt C T B)
  draw KIND ...   -> milliseconds a token drawn       (rnn gru lstm H | gpt C T)
Data are random: no time depends on them. Batches are made beforehand, which our side does as it goes.
"""
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(1)
BATCHES = 16
WINDOW_MS = 300


class Mlp(nn.Module):
    """Plain tensors, and products with their bias in one call: half the time of nn.Linear at this size."""

    def __init__(self, v, block, emb, h):
        super().__init__()
        self.table = nn.Parameter(torch.randn(v, emb))
        self.w1, self.b1 = nn.Parameter(torch.randn(block * emb, h) * 0.1), nn.Parameter(torch.zeros(h))
        self.w2, self.b2 = nn.Parameter(torch.randn(h, v) * 0.1), nn.Parameter(torch.zeros(v))

    def forward(self, x):
        hidden = torch.addmm(self.b1, F.embedding(x, self.table).view(len(x), -1), self.w1)
        return torch.addmm(self.b2, torch.tanh(hidden), self.w2)


class Recurrent(nn.Module):
    def __init__(self, kind, v, h):
        super().__init__()
        self.wte = nn.Embedding(v, h)
        self.rnn = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[kind](h, h)
        self.head = nn.Linear(h, v)

    def forward(self, x, memory=None):
        y, memory = self.rnn(self.wte(x), memory)
        return self.head(y), memory


class Block(nn.Module):
    def __init__(self, c, heads, t):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = nn.LayerNorm(c), nn.LayerNorm(c)
        self.c_attn, self.c_proj = nn.Linear(c, 3 * c), nn.Linear(c, c)
        self.c_fc, self.c_out = nn.Linear(c, 4 * c), nn.Linear(4 * c, c)
        self.register_buffer("hidden", torch.ones(t, t).triu(1).bool())

    def attend(self, x):
        b, t, c = x.shape
        q, k, v = (
            s.view(b, t, self.heads, c // self.heads).transpose(1, 2)
            for s in self.c_attn(x).split(c, dim=2)
        )
        scores = q @ k.transpose(-2, -1) * (c // self.heads) ** -0.5
        p = scores.masked_fill(self.hidden[:t, :t], float("-inf")).softmax(-1)
        return self.c_proj((p @ v).transpose(1, 2).reshape(b, t, c))

    def forward(self, x):
        x = x + self.attend(self.ln_1(x))
        return x + self.c_out(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, v, c, t, layers=4, heads=4):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(v, c), nn.Embedding(t, c)
        self.h = nn.Sequential(*[Block(c, heads, t) for _ in range(layers)])
        self.ln_f, self.head = nn.LayerNorm(c), nn.Linear(c, v, bias=False)
        self.register_buffer("positions", torch.arange(t))

    def forward(self, x):
        x = self.wte(x) + self.wpe(self.positions[: x.shape[1]])
        return self.head(self.ln_f(self.h(x)))


def cpu_ms(work, least=3):
    """Milliseconds of processor time a round of work, over a window."""
    for _ in range(least):
        work()
    rounds, start = 0, time.process_time()
    while (time.process_time() - start) * 1e3 < WINDOW_MS or rounds < least:
        work()
        rounds += 1
    return (time.process_time() - start) * 1e3 / rounds


def adamw(model):
    """foreach=True is no faster for so few tensors (measured), and there is no fused one for processors."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)

    def update():
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return update


def sgd(model):
    """By hand, faster than torch.optim.SGD."""
    parameters = list(model.parameters())

    @torch.no_grad()
    def update():
        for p in parameters:
            p.sub_(p.grad, alpha=0.1)
            p.grad = None

    return update


def trainer(model, update, shape, v):
    targets = shape[0] if isinstance(model, Mlp) else shape[0] * shape[1]
    xs = [torch.randint(v, shape) for _ in range(BATCHES)]
    ys = [torch.randint(v, (targets,)) for _ in range(BATCHES)]
    at = 0

    def step():
        nonlocal at
        logits = model(xs[at])
        logits = logits[0] if isinstance(logits, tuple) else logits
        F.cross_entropy(logits.view(-1, v), ys[at]).backward()
        update()
        at = (at + 1) % BATCHES

    return step


def make_step(kind, *numbers):
    if kind == "mlp":
        model = Mlp(27, 3, 10, int(numbers[0]))
        update = sgd(model) if numbers[1] == "sgd" else adamw(model)
        return trainer(model, update, (32, 3), 27)
    if kind == "gpt":
        c, t, b = map(int, numbers)
        model = Gpt(65, c, t)
        return trainer(model, adamw(model), (b, t), 65)
    h, t = map(int, numbers)
    model = Recurrent(kind, 65, h)
    return trainer(model, adamw(model), (t, 32), 65)


@torch.inference_mode()
def draw_recurrent(model, count):
    x, memory = torch.zeros(1, 1, dtype=torch.long), None
    for _ in range(count):
        logits, memory = model(x, memory)
        x = torch.multinomial(F.softmax(logits[0], -1), 1)


@torch.inference_mode()
def draw_gpt(model, t, count):
    """nanoGPT's generate: the last t tokens anew for each token."""
    x = torch.zeros(1, 1, dtype=torch.long)
    for _ in range(count):
        p = F.softmax(model(x[:, -t:])[:, -1], -1)
        x = torch.cat((x, torch.multinomial(p, 1)), 1)


def make_draw(kind, *numbers):
    if kind == "gpt":
        c, t = map(int, numbers)
        model = Gpt(65, c, t).eval()
        return lambda: draw_gpt(model, t, 100)
    model = Recurrent(kind, 65, int(numbers[0])).eval()
    return lambda: draw_recurrent(model, 100)


def main():
    makers, ready = {"step": (make_step, 1), "draw": (make_draw, 100)}, {}
    print("ready", flush=True)
    for line in sys.stdin:
        verb, *rest = line.split()
        make, count = makers[verb]
        if line not in ready:
            ready[line] = make(*rest)
        print(cpu_ms(ready[line]) / count, flush=True)


if __name__ == "__main__":
    main()
