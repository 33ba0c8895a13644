"""What pyproject.toml cannot say: the wheel carries the plans of `inputs/`, which has their only copy, as `planner/inputs/`."""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = (
    "reference.yaml",
    "reference/*.csv",
    "scenarios/*.yaml",
    "scenarios/*.csv",
    "operator/*.yaml",
    "operator/tables/*.csv",
    "evidence/README.md",
)
"""The last has the credits and terms of the data."""


class BuildWithPlans(build_py):
    """Builds the packages, and beside the code of `planner` the plans that it ships."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:  # a checkout has them where they are
            for target, source in self._plans().items():
                self.mkpath(str(Path(target).parent))
                self.copy_file(source, target, preserve_mode=False)

    def _plans(self) -> dict[str, str]:
        """Where each file goes, and where it comes from."""
        files = sorted(path for pattern in SHIPPED for path in Path("inputs").glob(pattern))
        return {str(Path(self.build_lib, "planner", path)): str(path) for path in files}

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        return [*super().get_outputs(include_bytecode), *({} if self.editable_mode else self._plans())]

    def get_output_mapping(self) -> dict[str, str]:
        return super().get_output_mapping() | ({} if self.editable_mode else self._plans())

    def get_source_files(self) -> list[str]:
        return [*super().get_source_files(), *self._plans().values()]  # of the source distribution too


setup(cmdclass={"build_py": BuildWithPlans})
