"""Explains a folder of images on Spark from Python.

    spark-submit --jars target/camjar-spark-submit.jar examples/explain.py PHOTOS OUT [WEIGHTS]

or, with pyspark 4.2 installed, set spark.jars as below and run it with Python.
"""

import sys

from pyspark.ml.wrapper import JavaTransformer
from pyspark.sql import SparkSession
from pyspark.sql.functions import col


def cam_transformer(spark, **params):
    """A CamTransformer with these parameters; lists become arrays of strings."""
    gateway = spark.sparkContext._gateway
    transformer = gateway.jvm.io.camjar.gradcam.spark.CamTransformer()
    for name, value in params.items():
        if isinstance(value, (list, tuple)):
            array = gateway.new_array(gateway.jvm.java.lang.String, len(value))
            for i, word in enumerate(value):
                array[i] = word
            value = array
        transformer.set(transformer.getParam(name), value)
    return transformer


def main(photos, out, weights=""):
    spark = SparkSession.builder.appName("camjar").getOrCreate()
    images = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(photos)
    cam = cam_transformer(spark, weights=weights, layers=["layer4"], formats=["raw"])
    explained = JavaTransformer(cam).transform(images)
    explained.write.mode("errorifexists").parquet(out)  # computed once, here

    written = spark.read.parquet(out)
    written.where(col("explanation.error").isNotNull()).select("path", "explanation.error").show()
    written.groupBy(col("explanation.top")[0]["label"].alias("class")).count().show()
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
