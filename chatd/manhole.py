"""stub"""


def manhole_factory(*a): ...
