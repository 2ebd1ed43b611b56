"""Stand-ins for fastai 1.0.61 and 2.x with the module, class and attribute names of the real ones.

fastai itself is not installable where the fixtures are made. A pickle holds names, arguments and
attributes only, so classes of the same names with the same attributes leave the same pickle.
"""
