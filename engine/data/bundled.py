"""The real datasets that come with scikit-learn, so that nothing has to be downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.data.base import Source
from engine.field import Field

if TYPE_CHECKING:
    from engine.data.base import Array

CELL_MEASURES = (
    "radius, texture, perimeter, area, smoothness, compactness, concavity, concave points, symmetry, fractal dimension"
)


class Digits(Source):
    """Handwritten digits, 8 × 8 pixels each: the quickest way to a first network that sees.

    1797 images of the digits 0 to 9, written by 43 people. Each is there twice: as an image with one
    grey channel, and as a vector of its 64 pixels, row by row.
    """

    title: ClassVar[str] = "Handwritten digits"
    reference: ClassVar[str] = (
        "E. Alpaydin and C. Kaynak: Optical Recognition of Handwritten Digits. UCI Machine Learning Repository, 1998. "
        "doi.org/10.24432/C50P49; the test part, as it comes with scikit-learn."
    )

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("image", "image", (1, 8, 8), doc="The digit as a grey image; 0 is paper, 1 is ink."),
            Field("pixels", "vector", (64,), doc="The same 64 pixels as a vector, row by row."),
            Field("digit", "class", classes=tuple("0123456789"), doc="The digit that was written."),
        )

    def read(self) -> dict[str, Array]:
        from sklearn.datasets import load_digits

        pixels, digit = load_digits(return_X_y=True)
        pixels = (pixels / 16).astype("float32")  # the scans count ink from 0 to 16
        return {"image": pixels.reshape(-1, 1, 8, 8), "pixels": pixels, "digit": digit.astype("int64")}


class Iris(Source):
    """Three kinds of iris, told apart by the sizes of their leaves: the classic first table.

    150 flowers, 50 of each kind. One kind is easy to tell, the other two overlap a little.
    """

    title: ClassVar[str] = "Iris flowers"
    reference: ClassVar[str] = (
        "R. A. Fisher: Iris. UCI Machine Learning Repository, 1936. doi.org/10.24432/C56C76; "
        "as it comes with scikit-learn."
    )

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("features", "vector", (4,), doc="Sepal length and width, petal length and width, in centimetres."),
            Field("sepal", "vector", (2,), doc="Length and width of the sepal, in centimetres."),
            Field("petal", "vector", (2,), doc="Length and width of the petal, in centimetres."),
            Field("species", "class", classes=("setosa", "versicolor", "virginica"), doc="The kind of iris."),
        )

    def read(self) -> dict[str, Array]:
        from sklearn.datasets import load_iris

        features, species = load_iris(return_X_y=True)
        features = features.astype("float32")
        return {
            "features": features,
            "sepal": features[:, :2].copy(),
            "petal": features[:, 2:].copy(),
            "species": species.astype("int64"),
        }


class Wine(Source):
    """Wines of three growers, told apart by chemistry.

    178 wines from one region of Italy. The measures differ a thousandfold in size, so normalisation matters.
    """

    title: ClassVar[str] = "Wine"
    reference: ClassVar[str] = (
        "S. Aeberhard and M. Forina: Wine. UCI Machine Learning Repository, 1992. doi.org/10.24432/C5PC7J; "
        "as it comes with scikit-learn."
    )

    def fields(self) -> tuple[Field, ...]:
        return (
            Field(
                "features",
                "vector",
                (13,),
                doc="Alcohol, malic acid, ash, alcalinity of ash, magnesium, total phenols, flavanoids, nonflavanoid "
                "phenols, proanthocyanins, colour intensity, hue, OD280/OD315 of diluted wine, proline.",
            ),
            Field("cultivar", "class", classes=("class_0", "class_1", "class_2"), doc="The grower."),
        )

    def read(self) -> dict[str, Array]:
        from sklearn.datasets import load_wine

        features, cultivar = load_wine(return_X_y=True)
        return {"features": features.astype("float32"), "cultivar": cultivar.astype("int64")}


class BreastCancer(Source):
    """Tumours of the breast, malignant or benign, told apart by measures of their cell nuclei.

    569 patients: 212 malignant, 357 benign. Ten measures of the nuclei in one picture are each given as
    their mean, their standard error and their worst (largest) value.
    """

    title: ClassVar[str] = "Breast cancer"
    reference: ClassVar[str] = (
        "W. Wolberg, O. Mangasarian, N. Street and W. Street: Breast Cancer Wisconsin (Diagnostic). "
        "UCI Machine Learning Repository, 1995. doi.org/10.24432/C5DW2B; as it comes with scikit-learn."
    )

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("features", "vector", (30,), doc="All thirty measures: mean, error and worst, one after the other."),
            Field("mean", "vector", (10,), doc=f"Means of {CELL_MEASURES}."),
            Field("error", "vector", (10,), doc=f"Standard errors of {CELL_MEASURES}."),
            Field("worst", "vector", (10,), doc=f"Largest values of {CELL_MEASURES}."),
            Field("diagnosis", "class", classes=("malignant", "benign"), doc="What the tumour turned out to be."),
        )

    def read(self) -> dict[str, Array]:
        from sklearn.datasets import load_breast_cancer

        features, diagnosis = load_breast_cancer(return_X_y=True)
        features = features.astype("float32")
        return {
            "features": features,
            "mean": features[:, :10].copy(),
            "error": features[:, 10:20].copy(),
            "worst": features[:, 20:].copy(),
            "diagnosis": diagnosis.astype("int64"),
        }


class Diabetes(Source):
    """How far diabetes has come a year on, from ten measures taken at the start: a first regression.

    442 patients. The target is a number from 25 to 346; a good model is off by about 40.
    """

    title: ClassVar[str] = "Diabetes"
    reference: ClassVar[str] = (
        "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani: Least Angle Regression. Annals of Statistics 32, 2004; "
        "as it comes with scikit-learn."
    )

    def fields(self) -> tuple[Field, ...]:
        return (
            Field(
                "features",
                "vector",
                (10,),
                doc="Age, sex (1 or 2), body mass index, mean blood pressure, total cholesterol, low-density and "
                "high-density lipoproteins, cholesterol ratio, log of triglycerides, blood sugar.",
            ),
            Field("progression", "number", doc="Progression of the disease one year after the measures."),
        )

    def read(self) -> dict[str, Array]:
        from sklearn.datasets import load_diabetes

        # scikit-learn's scaled form was fitted on all rows; the measured values keep the later parts unseen.
        features, progression = load_diabetes(return_X_y=True, scaled=False)
        return {"features": features.astype("float32"), "progression": progression.astype("float32").reshape(-1, 1)}
