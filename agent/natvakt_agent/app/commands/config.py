"""`natvakt-agent config sample | site-policy | reference | check`: the settings, explained by the schema itself."""

import argparse

from natvakt_agent.app.context import OK, Context, settings
from natvakt_agent.config.documentation import reference, sample, site_policy_sample

PAGES = {"sample": sample, "site-policy": site_policy_sample, "reference": reference}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=(*PAGES, "check"),
        help="sample: agent.toml; site-policy: site-policy.toml; reference: the manual's page; check: say what is wrong with the settings",
    )


def run(options: argparse.Namespace, context: Context) -> int:
    if options.what in PAGES:
        context.out.write(PAGES[options.what]())
        return OK
    found = settings(options, context)
    policy = found.site_policy()
    outside = [entry.name for entry in found.config.target if not policy.allows_address(entry.address)]
    if options.json:
        source = str(found.config_file) if found.config_file else None
        context.print_json(
            {"schema": "natvakt.config-check/1", "file": source, "targets": len(found.config.target), "outside_site_policy": outside}
        )
    else:
        context.print(f"{found.config_file or 'defaults'}: good, {len(found.config.target)} targets")
        for name in outside:
            context.print(f"note: {name} is outside the site policy and is not polled")
    return OK
