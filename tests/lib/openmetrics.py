"""OpenMetrics text before a judge that is not ours: the parser of Debian's python3-prometheus-client."""
from prometheus_client.openmetrics.parser import text_string_to_metric_families


def judge(text):
    """The families by name, each {(sample's name, its labels as a sorted tuple): value}.  Raises ValueError."""
    families = {}
    for family in text_string_to_metric_families(text):
        if family.name in families:
            raise ValueError(f"{family.name} comes twice")
        if not family.documentation:
            raise ValueError(f"{family.name} has no help")
        samples = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in family.samples]
        if len(samples) != len(set(samples)):
            raise ValueError(f"{family.name} has a sample twice")
        families[family.name] = {key: sample.value for key, sample in zip(samples, family.samples)}
    return families


def total(families, name, suffix="", **labels):
    """The sum of the samples NAME+SUFFIX with (at least) these labels."""
    return sum(value for (sample, have), value in families.get(name, {}).items()
               if sample == name + suffix and set(labels.items()) <= set(have))
