"""Where a nation comes from: synthetic families or a scored register, told apart by what the folder holds."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from features import file_words
from features.commands import UserError
from features.home import home
from models import bundle, dynamics
from models.dynamics import Dynamics
from models.schemes import origin, scored, synthetic
from models.schemes.nation import Nation
from models.schemes.sample import Sample, within
from models.schemes.settle import settled


def nation_of(folder: Path, register: Path | None = None, law: Path | None = None, some: Sample | None = None,
              ) -> Nation:  # fmt: skip
    """The families in a folder.

    Parameters
    ----------
    folder : of `jaga data synth`, or of `jaga score` (a run in the score store too). register : contract tables that
        were scored, or a folder with them in `registry`; the scores alone know no size, desil or work. law : file of
        dynamics, taken as it is, instead of those of the model that scored, or of those fitted to the synthetic panel,
        which are `settled`. some : a sample, of an area where one is named.

    Raises
    ------
    UserError : neither kind of folder, no dynamics, or nobody in the area.
    """
    own = None if law is None else _of_file(law)
    if synthetic.is_synthetic(folder):
        found = synthetic.read(folder, own)
        found = found if some is None else within(found, some)
    elif scored.is_scored(folder):
        found = scored.read(folder, own or of_model(str(scored.manifest(folder)["bundle"]["name"])), register, some)
    else:
        raise UserError(
            f"{folder}: holds neither synthetic families (jaga data synth) nor scores (jaga score)",
            f"{folder}: tidak memuat keluarga sintetis (jaga data synth) maupun skor (jaga score)",
        )
    return found if law is not None else settled(found)


def of_model(name: str) -> Dynamics:
    """The dynamics in the bundle of a name in this installation."""
    place = home() / "bundles" / name
    if not place.is_dir():
        raise UserError(
            f"the model {name} that scored these families is not in this installation ({place}); set JAGA_HOME to the "
            "folder of the installation that has it, or name a file of dynamics with --dynamics",
            f"model {name} yang menilai keluarga ini tidak ada di instalasi ini ({place}); isi JAGA_HOME dengan folder "
            "instalasi yang memuatnya, atau sebut berkas dinamika dengan --dynamics",
        )
    own = bundle.load(place).dynamics
    if own is None:
        raise UserError(
            f"the model {name} was made without dynamics: its panel does not follow families from year to "
            "year, or it is older than they are; train again, or name a file of dynamics with "
            "--dynamics",
            f"model {name} dibuat tanpa dinamika: panelnya tidak mengikuti keluarga dari tahun ke tahun, atau modelnya "
            "lebih tua daripada dinamika; latih lagi, atau sebut berkas dinamika dengan --dynamics",
        )
    return own


def _of_file(path: Path) -> Dynamics:
    try:
        content = path.read_bytes()
        own = dynamics.read(content)
        return replace(own, source=origin.of_file(path.name, sha256(content).hexdigest(), own.source))
    except OSError as error:
        raise file_words.unreadable(path, error) from None
    except UserError as error:
        indonesian, english = error.words
        raise UserError(f"{path}: {english}", f"{path}: {indonesian}") from None
