#!/usr/bin/env python3
"""Deep generative networks that a user of PyTorch would write for speed: the same workloads as `cargo run --release -p bench`.

    torch_deep.py [--case vae] [--threads 2] [--data DIR] [--seconds-budget 3] [--only mlp-adam]

Autograd with fused optimisers where there are any; the gradient penalty by a second backward pass through the first, as it is
written everywhere. Prints a line of JSON for each measurement; `cargo xtask bench --python PYTHON` sets them beside ours. Needs
torch and numpy; without --data, noise of the same density is learnt.
"""

import torch_shared
from torch_shared import ARGS, Order, labelled, measure, precisions, torch

nn, F = torch.nn, torch.nn.functional
BATCH = 64


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 4))
        self.decoder = nn.Sequential(nn.Linear(2, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 784))

    def forward(self, x):
        mean, log_variance = self.encoder(x).chunk(2, 1)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        fit = F.binary_cross_entropy_with_logits(self.decoder(z), x, reduction="sum")
        return (fit - 0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()) / len(x)


def vae():
    metric, variant = "784-512-256-2-adam-b128-n60000", "autograd-fused"
    if ARGS.only not in f"{metric}/{variant}":
        return
    with torch.inference_mode(False):
        grey = labelled(60_000)[0].clone()
        for ending in precisions():
            samples, network = grey.to(torch.get_default_dtype()), Vae()
            optimiser, order = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True), Order(len(grey), 128)

            def run(steps):
                seen = 0
                for _ in range(steps):
                    chosen = order.next()
                    optimiser.zero_grad(set_to_none=True)
                    network(samples[chosen]).backward()
                    optimiser.step()
                    seen += len(chosen)
                return seen

            measure("vae", metric, variant + ending, "s/epoch", run, 60_000)


def players():
    def leaky(*widths):
        layers = []
        for n, m in zip(widths, widths[1:]):
            layers += [nn.Linear(n, m), nn.LeakyReLU(0.2)]
        return layers[:-1]

    return nn.Sequential(*leaky(100, 256, 512, 784), nn.Tanh()), nn.Sequential(*leaky(784, 512, 256, 1))


def images():
    return labelled(60_000)[0].clone().mul_(2).sub_(1)


def freeze(network, frozen):
    for parameter in network.parameters():
        parameter.requires_grad_(not frozen)


def gan():
    metric, variant = "mlp-adam-b64", "autograd-fused"
    if ARGS.only not in f"{metric}/{variant}":
        return
    with torch.inference_mode(False):
        grey = images()
        for ending in precisions():
            samples, (generator, critic) = grey.to(torch.get_default_dtype()), players()
            ones, zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)
            of = F.binary_cross_entropy_with_logits
            learn = [
                torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999), fused=True)
                for network in (generator, critic)
            ]
            order = Order(len(samples) // BATCH * BATCH, BATCH)

            def run(steps):
                for _ in range(steps):
                    with torch.no_grad():
                        fake = generator(torch.randn(BATCH, 100))
                    learn[1].zero_grad(set_to_none=True)
                    (of(critic(samples[order.next()]), ones) + of(critic(fake), zeros)).mul(0.5).backward()
                    learn[1].step()
                    learn[0].zero_grad(set_to_none=True)
                    freeze(critic, True)
                    of(critic(generator(torch.randn(BATCH, 100))), ones).backward()
                    freeze(critic, False)
                    learn[0].step()
                return steps

            measure("gan", metric, variant + ending, "steps/s", run)


def penalty(critic, real, fake):
    share = torch.rand(len(real), 1)
    points = (share * real + (1 - share) * fake).requires_grad_()
    (slopes,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
    return 10 * (slopes.norm(dim=1) - 1).square().mean()


def wasserstein(samples, optimisers, penalised):
    generator, critic = players()
    learn = [optimisers(network.parameters()) for network in (generator, critic)]
    order, parameters = Order(len(samples) // BATCH * BATCH, BATCH), list(critic.parameters())

    def run(steps):
        for _ in range(steps):
            for _ in range(5):
                real = samples[order.next()]
                with torch.no_grad():
                    fake = generator(torch.randn(BATCH, 100))
                learn[1].zero_grad(set_to_none=True)
                loss = critic(fake).mean() - critic(real).mean()
                if penalised:
                    loss = loss + penalty(critic, real, fake)
                loss.backward()
                learn[1].step()
                if not penalised:
                    with torch.no_grad():
                        torch._foreach_clamp_min_(parameters, -0.01)
                        torch._foreach_clamp_max_(parameters, 0.01)
            learn[0].zero_grad(set_to_none=True)
            freeze(critic, True)
            (-critic(generator(torch.randn(BATCH, 100))).mean()).backward()
            freeze(critic, False)
            learn[0].step()
        return steps

    return run


def wgan():
    # RMSprop is not fused; its plain form was the faster one.
    ways = [
        (
            "mlp-rmsprop-5critic-clip0.01-b64", "autograd-default", False,
            lambda parameters: torch.optim.RMSprop(parameters, lr=5e-5, foreach=False),
        ),
        (
            "mlp-adam-5critic-penalty10-b64", "autograd-fused", True,
            lambda parameters: torch.optim.Adam(parameters, lr=1e-4, betas=(0.5, 0.9), fused=True),
        ),
    ]  # fmt: skip
    with torch.inference_mode(False):
        for metric, variant, penalised, optimisers in ways:
            if ARGS.only not in f"{metric}/{variant}":
                continue
            grey = images()
            for ending in precisions():
                run = wasserstein(grey.to(torch.get_default_dtype()), optimisers, penalised)
                measure("wgan", metric, variant + ending, "steps/s", run)


torch_shared.run({"vae": vae, "gan": gan, "wgan": wgan})
