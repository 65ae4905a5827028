"""Maps of the guides that pyx12 lacks, in its format, made by scripts/make_maps.py."""
